/** What one pod of each kind exposes: recorded from the real programs after some requests, then counted on for as many pods as are asked for. */
import {
  createTaskClient,
  type Program,
  startOwnPostgres,
  startTaskManager,
  temporaryFolder,
} from '../src/index.ts';

/** The programs of which a cluster has many; each is a Deployment of the same name in kubernetes/base. */
export const KINDS = ['api', 'web', 'worker'] as const;
export type Kind = (typeof KINDS)[number];

export interface Exposition {
  contentType: string;
  text: string;
}

export type Expositions = Readonly<Record<Kind, Exposition>>;

const REQUESTS = 200;

/** Starts the task manager on a database of its own, uses it, and reads each program's metrics. */
export async function recordExpositions(): Promise<Expositions> {
  await using folder = await temporaryFolder();
  await using postgres = await startOwnPostgres();
  await using app = await startTaskManager({ ...postgres, logFolder: folder.path });
  using client = createTaskClient(app.webUrl);
  await client.signUp();
  for (let request = 0; request < REQUESTS; request += 1) {
    const write = request % 5 === 0;
    await (write
      ? client.call('POST', '/tasks', { json: { title: `recorded ${request}` } })
      : client.call('GET', '/tasks?limit=20'));
  }
  return { api: await read(app.api), web: await read(app.web), worker: await read(app.worker) };
}

async function read({ managementUrl }: Program): Promise<Exposition> {
  const response = await fetch(`${managementUrl}/metrics`);
  return { contentType: response.headers.get('content-type') ?? '', text: await response.text() };
}

/**
 * The recorded page as a pod would expose it later: its counters and histograms have grown by their recorded value a minute.
 * @param seconds since the pod began; 0 gives the values as recorded. Exemplars are left out.
 */
export function exposedAfter(text: string, seconds: number): string {
  const growth = 1 + seconds / 60;
  let grows = false;
  return text
    .split('\n')
    .map((line) => {
      const [, type] = /^# TYPE \S+ (\w+)$/.exec(line) ?? [];
      if (type !== undefined) grows = type === 'counter' || type === 'histogram';
      if (line.startsWith('#') || line === '') return line;
      const [, series = '', value = ''] = /^(\w+(?:\{.*?\})?) (\S+)/.exec(line) ?? [];
      return `${series} ${grows ? Number(value) * growth : value}`;
    })
    .join('\n');
}
