/** Requests to a service's management listener, which no port publishes: made by the Node inside its container. */
import { z } from 'zod';
import type { ManagementAnswer, ServiceName } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

/** Reads the request from the environment, so that nothing has to be quoted and no token stands in a process list. */
const PROGRAM = `
const { url, ...init } = JSON.parse(process.env.LAB_REQUEST);
const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
console.log(JSON.stringify({ status: response.status, body: await response.text() }));
`;

const answer = z.object({ status: z.number(), body: z.string() });

export async function manage(
  command: ComposeCommand,
  service: ServiceName,
  path: string,
  {
    method = 'GET',
    body,
    token,
    origin = 'http://127.0.0.1:9464',
  }: { method?: string; body?: string; token?: string; origin?: string },
): Promise<ManagementAnswer> {
  const request = JSON.stringify({
    url: `${origin}${path}`,
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  // Without the service's own flags: this second Node shall be small.
  const environment = ['--env', 'LAB_REQUEST', '--env', 'NODE_OPTIONS=--max-old-space-size=32'];
  const node = ['node', '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await command.compose(['exec', '-T', ...environment, service, ...node], {
    variables: { LAB_REQUEST: request },
  });
  return answer.parse(JSON.parse(stdout));
}
