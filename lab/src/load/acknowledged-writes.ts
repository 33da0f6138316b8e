/** Every write that the lab acknowledged, so that after an incident it can be shown that none was lost. */
import { taskIn } from '@lab/loadtests';
import type { PooledAccount } from './people.ts';

/** A task's last acknowledged state. */
export interface AcknowledgedWrite {
  id: string;
  version: number;
  status: 'open' | 'completed';
  title: string;
  account: PooledAccount;
  /** When the acknowledgement arrived, Unix ms. */
  at: number;
}

export class AcknowledgedWrites {
  readonly #byTask = new Map<string, AcknowledgedWrite>();
  #count = 0;

  /** Notes the task in a write's answer; an answer without one (a login) is no write of a task. */
  note(account: PooledAccount, body: unknown): void {
    const task = taskIn({ status: 200, body });
    if (!task) return;
    const { title, status } = body as { title: string; status: 'open' | 'completed' };
    this.#count += 1;
    const known = this.#byTask.get(task.id);
    if (known && known.version > task.version) return;
    this.#byTask.set(task.id, {
      id: task.id,
      version: task.version,
      status,
      title,
      account,
      at: Date.now(),
    });
  }

  /** Writes acknowledged: several may be of one task. */
  get count(): number {
    return this.#count;
  }

  /** The last of each task. */
  get tasks(): AcknowledgedWrite[] {
    return [...this.#byTask.values()];
  }
}

export interface LostWrite extends AcknowledgedWrite {
  /** What is there instead: an earlier version, other content, or nothing. */
  found: { version: number; status: string; title: string } | undefined;
}

export interface ReadBack {
  tasks: number;
  lost: LostWrite[];
}

/**
 * Reads every task of the accounts anew, page by page, and compares. A later version is no loss: a write whose
 * acknowledgement never arrived may have been made.
 * @throws Error where web or the API does not answer 200: then nothing can be said.
 */
export async function readBackWrites(
  writes: AcknowledgedWrites,
  { webUrl, signal }: { webUrl: string; signal: AbortSignal },
): Promise<ReadBack> {
  const { tasks } = writes;
  const found = new Map<string, LostWrite['found'] & object>();
  for (const account of new Set(tasks.map((task) => task.account)))
    for await (const task of tasksOf(account, webUrl, signal)) found.set(task.id, task);
  const lost = tasks.flatMap((task) => {
    const now = found.get(task.id);
    const kept =
      now !== undefined &&
      (now.version > task.version ||
        (now.version === task.version && now.status === task.status && now.title === task.title));
    return kept ? [] : [{ ...task, found: now }];
  });
  return { tasks: tasks.length, lost };
}

interface TaskRead {
  id: string;
  version: number;
  status: string;
  title: string;
}

async function* tasksOf(
  { cookie }: PooledAccount,
  webUrl: string,
  signal: AbortSignal,
): AsyncGenerator<TaskRead> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === null ? {} : { cursor }) });
    const response = await fetch(`${webUrl}/api/v1/tasks?${query}`, {
      headers: { cookie },
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    if (!response.ok)
      throw new Error(
        `reading the acknowledged writes back: expected 200 from GET /api/v1/tasks, got ${response.status}`,
      );
    const page = (await response.json()) as { items: TaskRead[]; nextCursor: string | null };
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
