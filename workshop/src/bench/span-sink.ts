/** A tracing backend that reads and forgets, as a process of its own, so that decoding spans is not measured. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let bodies = 0;
const server = createServer((request, response) => {
  bodies += 1;
  request
    .resume()
    .on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
}).listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', () => process.send?.({ bodies }));
process.on('disconnect', () => process.exit(0));
process.send?.({ port: (server.address() as AddressInfo).port });
