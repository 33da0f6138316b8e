/**
 * One real request through web: a marked account signs in and lists its tasks, so that the request passes web, api
 * and Postgres. Its id is what the signals are then looked up by.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';

export interface ProbeRequest {
  requestId: string;
  /** Unix time in seconds right before the request was sent. */
  sentAt: number;
}

const HEADERS = { 'x-requested-with': 'taskmanager', 'content-type': 'application/json' };

/** @throws Error saying which step was answered how. */
export async function sendProbeRequest(
  webUrl: string,
  sessionSecret: string,
  signal: AbortSignal,
): Promise<ProbeRequest> {
  const cookie = await signInAsLab(webUrl, sessionSecret, signal);
  const requestId = `lab-up-${randomUUID()}`;
  const sentAt = Date.now() / 1000;
  const response = await fetch(`${webUrl}/api/v1/tasks`, {
    headers: { cookie, 'x-request-id': requestId },
    signal,
  });
  await expectStatus(response, [200], 'listing the tasks');
  return { requestId, sentAt };
}

/** Session cookie of the lab's own account, which is registered at the first time. */
export function signInAsLab(webUrl: string, sessionSecret: string, signal: AbortSignal): Promise<string> {
  return signIn(webUrl, accountOf(sessionSecret), signal);
}

/** The same account at every start of this checkout; `load.invalid` marks it as made by the lab. */
function accountOf(sessionSecret: string) {
  const name = createHash('sha256').update(sessionSecret).digest('hex').slice(0, 12);
  const password = createHmac('sha256', sessionSecret)
    .update('account of make up')
    .digest('hex')
    .slice(0, 32);
  return { email: `lab-up-${name}@load.invalid`, password };
}

async function signIn(
  webUrl: string,
  account: { email: string; password: string },
  signal: AbortSignal,
): Promise<string> {
  const first = await post(`${webUrl}/api/v1/users/login`, account, signal);
  if (first.status === 200) return cookieOf(first);
  await expectStatus(first, [401], 'signing in');
  const registration = { ...account, displayName: 'make up' };
  await expectStatus(
    await post(`${webUrl}/api/v1/users`, registration, signal),
    [201],
    'registering an account',
  );
  const second = await post(`${webUrl}/api/v1/users/login`, account, signal);
  await expectStatus(second, [200], 'signing in');
  return cookieOf(second);
}

function post(url: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return fetch(url, { method: 'POST', headers: HEADERS, body: JSON.stringify(body), signal });
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function expectStatus(response: Response, expected: number[], step: string): Promise<void> {
  if (expected.includes(response.status)) return;
  const body = (await response.text()).slice(0, 300);
  throw new Error(`${step} through web: expected ${expected.join(' or ')}, got ${response.status} ${body}`);
}
