import { randomUUID } from 'node:crypto';
import { type Program, startProgram, temporaryFolder } from '@lab/testing';
import { PgBoss, type SendOptions } from 'pg-boss';
import { BOSS_OPTIONS, NOTIFICATION_QUEUE, type NotificationJob } from 'taskmanager-api/contract/jobs';
import type { MigratedDatabase } from './migrated-database.ts';

/** The worker as a real process on that database; `DATABASE_URL` may be overridden. */
export async function startWorker(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const logs = await temporaryFolder();
  const program = await startProgram({
    name: 'taskmanager-worker',
    folder: 'worker',
    logFolder: logs.path,
    env: { DATABASE_URL: databaseUrl, ...env },
  });
  return {
    ...program,
    async [Symbol.asyncDispose]() {
      await program.stop();
      await logs[Symbol.asyncDispose]();
    },
  };
}

/** Enqueues as the api does. */
export interface Producer extends AsyncDisposable {
  send(queue: string, payload: object, options?: SendOptions): Promise<string>;
  /** `count` notifications of as many assigned tasks; their occurrences. */
  notify(count: number): Promise<string[]>;
}

export async function createProducer(database: MigratedDatabase): Promise<Producer> {
  const boss = new PgBoss({
    ...BOSS_OPTIONS,
    connectionString: database.appUrl,
    supervise: false,
    registerInstance: false,
  });
  // Its connections break with the database that a test stops.
  boss.on('error', () => {});
  await boss.start();
  async function send(queue: string, payload: object, options: SendOptions = {}): Promise<string> {
    const id = await boss.send(queue, payload, options);
    if (id === null) throw new Error(`expected the queue ${queue} to take the job`);
    return id;
  }
  return {
    send,
    async notify(count) {
      const task = await database.insertTask();
      const jobs: NotificationJob[] = Array.from({ length: count }, () => ({
        kind: 'task_assigned',
        occurrenceId: randomUUID(),
        ...task,
      }));
      await boss.insert(
        NOTIFICATION_QUEUE,
        jobs.map((data) => ({ data })),
      );
      return jobs.map((job) => job.occurrenceId);
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false }),
  };
}

/** Value of one series of a metrics page; 0 where it is there with 0, undefined where it is not there at all. */
export function series(
  page: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  for (const line of page.split('\n')) {
    const [, metric, set = '', value] = /^(\w+)(?:\{(.*?)\})? ([^ ]+)/.exec(line) ?? [];
    if (metric !== name) continue;
    const found = new Map([...set.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, held]) => [key, held]));
    if (Object.entries(labels).every(([key, wanted]) => found.get(key) === wanted)) return Number(value);
  }
  return undefined;
}
