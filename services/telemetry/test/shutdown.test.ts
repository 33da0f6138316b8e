import { readFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { eventually, serve, startOtlpSink, temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { closeHttpServer, gracefulShutdown } from '../src/index.ts';
import { testTelemetry } from './support/telemetry.ts';
import { startTracedService } from './support/traced-service.ts';

describe('SIGTERM under load', () => {
  it('loses no request that was sent, and no log line or span of one', async () => {
    await using sink = await startOtlpSink();
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'service.log');
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_TRACES_SAMPLER_ARG: '1',
      LOG_FILE: file,
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const answered: string[] = [];
    const lost: string[] = [];
    let stopping = false;

    /** One client on a connection kept alive: asks until it is refused a new connection. */
    const client = async (number: number) => {
      for (let index = 0; ; index += 1) {
        const id = `client-${number}-${index}`;
        const path = index % 7 === 0 ? '/slow' : `/api/v1/tasks/${index}`;
        const result = await new Promise<string>((resolve) => {
          const call = get(
            `${service.url}${path}`,
            { agent, headers: { 'x-request-id': id } },
            (response) => {
              response.resume().on('end', () => resolve(response.statusCode === 200 ? 'ok' : 'bad'));
            },
          );
          call.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
        });
        if (result === 'ok') answered.push(id);
        else if (result === 'ECONNREFUSED' && stopping) return;
        else return void lost.push(`${id}: ${result}`);
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, (_, number) => client(number)));
    await eventually('it is under load', () => answered.length > 200);
    stopping = true;
    service.process.kill('SIGTERM');
    await clients;
    expect(await service.exited).toBe(0);
    agent.destroy();

    expect(lost).toEqual([]);
    const log = await readFile(file, 'utf8');
    const logged = new Set([...log.matchAll(/"http\.request\.id":"(client-[\d-]+)"/g)].map(([, id]) => id));
    expect(answered.filter((id) => !logged.has(id))).toEqual([]);
    const traced = new Set(sink.spans.map(({ attributes }) => attributes['http.request.id']));
    expect(answered.filter((id) => !traced.has(id))).toEqual([]);
    const sequences = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)['event.sequence']);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it('ends at once with the second signal', async () => {
    await using service = await startTracedService({});
    const hanging = fetch(`${service.url}/api/v1/tasks/1/hangs`).catch(() => 'cut');
    await eventually('it hangs', async () => (await service.sample('http_requests_in_flight')) === 2);
    service.process.kill('SIGTERM');
    await eventually('it no longer listens', () =>
      fetch(service.url).then(
        () => false,
        () => true,
      ),
    );
    service.process.kill('SIGTERM');
    expect(await service.exited).toBe(143);
    expect(await hanging).toBe('cut');
  });
});

describe('gracefulShutdown', () => {
  it('runs the steps in order, goes on after one that fails, and exits with 1 then', async () => {
    await using own = await testTelemetry();
    const ran: string[] = [];
    const exits: number[] = [];
    const shutdown = gracefulShutdown({
      logger: own.telemetry.logger,
      exit: (code) => exits.push(code),
      steps: [
        { name: 'first', run: async () => void ran.push('first') },
        { name: 'broken', run: () => Promise.reject(new Error('no')) },
        { name: 'last', run: () => ran.push('last') },
      ],
    });
    await Promise.all([shutdown.shutdown('a test'), shutdown.shutdown('again')]);
    shutdown.uninstall();
    expect(ran).toEqual(['first', 'last']);
    expect(exits).toEqual([1]);
    const lines = await own.lines();
    expect(lines.map(({ message }) => message)).toEqual([
      'shutting down: a test',
      'shutdown: step broken failed',
    ]);
  });

  it('gives up after its time, naming the step that hangs', async () => {
    await using own = await testTelemetry();
    const exits: number[] = [];
    const shutdown = gracefulShutdown({
      logger: own.telemetry.logger,
      drainSeconds: 0.05,
      exit: (code) => exits.push(code),
      steps: [{ name: 'endless', run: () => new Promise(() => undefined) }],
    });
    await shutdown.shutdown('a test');
    shutdown.uninstall();
    expect(exits).toEqual([1]);
    expect((await own.lines()).at(-1)?.['message']).toBe('shutdown: gave up after 0.05 s in step endless');
  });

  it('leaves no signal handlers behind when uninstalled', async () => {
    await using own = await testTelemetry();
    const before = process.listenerCount('SIGTERM');
    gracefulShutdown({ logger: own.telemetry.logger, steps: [] }).uninstall();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('closeHttpServer', () => {
  it('closes idle keep-alive connections and resolves', async () => {
    await using served = await serve((_request, response) => response.end('x'));
    await (await fetch(served.url)).text();
    await closeHttpServer(served.server);
    expect(served.server.listening).toBe(false);
  });

  it('resolves for a server that does not listen', async () => {
    await using served = await serve((_request, response) => response.end('x'));
    await closeHttpServer(served.server);
    await closeHttpServer(served.server);
  });
});
