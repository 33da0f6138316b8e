/**
 * Lite mode's network between api and Postgres: `node main.ts <listen port> <upstream port> <control port>`. Forwards, until an
 * experiment makes it slow, narrow or broken. Nothing it was told survives a restart.
 */
import { once } from 'node:events';
import { controlServer } from './control.ts';
import { TcpProxy } from './proxy.ts';

const [listenPort = 0, upstreamPort = 0, controlPort = 0] = process.argv.slice(2).map(Number);
const proxy = await TcpProxy.listen({ listenPort, upstreamPort });
const control = controlServer('postgres', proxy).listen(controlPort, '127.0.0.1');
await once(control, 'listening');
const stop = async () => {
  control.close();
  await proxy[Symbol.asyncDispose]();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
