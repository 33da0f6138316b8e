/** Requests to a part's management port, which nothing publishes: made by the Node inside a container of ours. */
import { z } from 'zod';
import type { managementInit } from '../management.ts';
import type { ManagementAnswer, PartName } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

/** Reads the request from the environment, so that nothing has to be quoted and no token stands in a process list. */
const PROGRAM = `
const { url, ...init } = JSON.parse(process.env.LAB_REQUEST);
const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
console.log(JSON.stringify({ status: response.status, body: await response.text() }));
`;

const answer = z.object({ status: z.number(), body: z.string() });

/** @param request `fetch`'s arguments, as data. */
export async function manage(
  command: ComposeCommand,
  container: PartName,
  request: ReturnType<typeof managementInit> & { url: string },
): Promise<ManagementAnswer> {
  // Without the service's own flags: this second Node shall be small.
  const environment = ['--env', 'LAB_REQUEST', '--env', 'NODE_OPTIONS=--max-old-space-size=32'];
  const node = ['node', '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await command.compose(['exec', '-T', ...environment, container, ...node], {
    variables: { LAB_REQUEST: JSON.stringify(request) },
  });
  return answer.parse(JSON.parse(stdout));
}
