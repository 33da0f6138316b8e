/** The console as experiments use it: they read its inbox and tell it of themselves. */
import type { ExperimentEnd, ExperimentStart } from 'lab-console/contract/experiments';
import { z } from 'zod';
import type { InboxMessage } from '../run/chronicle.ts';

const LOOK_MS = 2_000;
const POST_ATTEMPTS = 5;

const page = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      receivedAt: z.string(),
      status: z.enum(['firing', 'resolved', 'other']),
      title: z.string(),
      attachments: z.array(z.object({ footer: z.string().nullable() })),
    }),
  ),
});

/** Messages about alerts since `since` (Unix milliseconds). @throws where the console does not answer in time. */
export async function inboxMessages(consoleUrl: string, since: number): Promise<InboxMessage[]> {
  const parameters = new URLSearchParams({ since: new Date(since).toISOString(), limit: '200' });
  const response = await fetch(`${consoleUrl}/api/inbox?${parameters}`, {
    signal: AbortSignal.timeout(LOOK_MS),
  });
  if (!response.ok) throw new Error(`the console answered ${response.status} when asked for its inbox`);
  return page.parse(await response.json()).items.flatMap(({ id, receivedAt, status, title, attachments }) => {
    // The footer names the group: `1 firing, 0 resolved · group alertname=HighErrorRate job=`.
    const named = attachments
      .map(({ footer }) => /group (.*\balertname=(\w+).*)/.exec(footer ?? ''))
      .find(Boolean);
    const [, group, alert] = named ?? [];
    if (group === undefined || alert === undefined || status === 'other') return [];
    return [{ id, status, alert, group: group.trim(), receivedAt: Date.parse(receivedAt), title }];
  });
}

/** Posts to the console's experiments; a console that is just being restarted is given time. @throws after the last attempt. */
export async function postExperiment(
  consoleUrl: string,
  token: string,
  path: string,
  body: ExperimentStart | ExperimentEnd,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(`${consoleUrl}/api/experiments${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5_000),
      });
      if (response.ok) return void (await response.body?.cancel());
      throw new Error(`the console answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
    } catch (error) {
      if (attempt === POST_ATTEMPTS) throw error;
      await sleep(500 * attempt);
    }
  }
}
