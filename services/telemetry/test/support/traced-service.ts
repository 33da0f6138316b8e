import { fileURLToPath } from 'node:url';
import { eventually } from '@lab/testing';
import { type Child, startFixture } from './child.ts';

const register = fileURLToPath(new URL('../../src/register.ts', import.meta.url));

/** So that tests do not wait for what production does not mind waiting for. */
const QUICK = {
  SERVICE_NAME: 'traced-service',
  OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  OTEL_BSP_SCHEDULE_DELAY: '50',
};

export interface TracedService extends Child {
  url: string;
  /** Value of a sample of `/metrics`, by the exact start of its line. */
  sample(start: string): Promise<number>;
}

/** Starts `fixtures/traced-service.ts` as production does, tracing loaded ahead. */
export async function startTracedService(env: Record<string, string>): Promise<TracedService> {
  const child = startFixture('traced-service.ts', [], { ...QUICK, ...env }, 'ignore', ['--import', register]);
  const { port } = (await eventually('it listens', () => {
    if (child.process.exitCode !== null) throw new Error(`it ended: ${child.errors.join('')}`);
    return child.messages[0];
  })) as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    ...child,
    url,
    async sample(start) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(start));
      return Number(line?.slice(start.length).trim().split(' ')[0]);
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
