/** One person in a browser makes a task, and the request is followed into every signal: what most pictures are of. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Stack, until } from '@lab/cli';
import { LOAD_DOMAIN } from '@lab/cli/load';
import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import type { Story } from './picture.ts';

const HEADERS = { 'x-requested-with': 'taskmanager' };
const TITLE = 'Send the quarterly report';
/** A list that looks like somebody's: nothing of it matters to the proofs. */
const LIST = [
  { title: 'Call the dentist', priority: 'high' },
  { title: 'Water the tomatoes', description: 'The greenhouse too', priority: 'normal' },
  { title: 'Book the train to Ghent', priority: 'normal' },
  { title: 'Return the library books', priority: 'low' },
] as const;
const HOUR_MS = 3_600_000;
const ARRIVAL_MS = 30_000;

/** @throws Error saying what of the request did not arrive where. */
export async function tellStory(context: BrowserContext, stack: Stack, signal: AbortSignal): Promise<Story> {
  const web = stack.addresses.web;
  const run = randomBytes(4).toString('hex');
  const [ada, grace] = [`ada-${run}@${LOAD_DOMAIN}`, `grace-${run}@${LOAD_DOMAIN}`];
  const password = randomUUID();
  const post = async (path: string, data: unknown) => {
    const response = await context.request.post(`${web}/api/v1${path}`, { data, headers: HEADERS });
    if (!response.ok())
      throw new Error(`POST /api/v1${path}: expected 2xx, got ${response.status()} ${await response.text()}`);
    return z
      .object({ id: z.string() })
      .loose()
      .parse(await response.json());
  };
  await post('/users', { email: grace, displayName: 'Grace Hopper', password });
  await post('/users', { email: ada, displayName: 'Ada Lovelace', password });
  await post('/users/login', { email: ada, password });
  const dueAt = new Date(Math.ceil((Date.now() + 20 * HOUR_MS) / HOUR_MS) * HOUR_MS).toISOString();
  for (const task of LIST) await post('/tasks', { ...task, dueAt });
  const done = await post('/tasks', { title: 'Renew the passport' });
  await post(`/tasks/${done.id}/complete`, undefined);

  const at = Date.now();
  // The page stays open until its spans have arrived: it sends them a moment after the request.
  const page = await context.newPage();
  try {
    const requestId = await makeTask(page, web, grace);
    return { taskTitle: TITLE, at, requestId, ...(await follow(requestId, stack, signal)) };
  } finally {
    await page.close();
  }
}

/** Waits until every signal holds the request. */
async function follow(
  requestId: string,
  stack: Stack,
  signal: AbortSignal,
): Promise<Pick<Story, 'traceId' | 'spans' | 'logLines' | 'jobTraceId'>> {
  const { traceId, spans } = await until(
    'browser, web and api in the trace of the request',
    async (bounded) => {
      const traces = await stack.signals.traces.ofRequest(requestId, bounded);
      const whole = traces.find(({ services }) =>
        ['taskmanager-browser', 'taskmanager-web', 'taskmanager-api'].every((name) =>
          services.includes(name),
        ),
      );
      if (!whole)
        throw new Error(`spans of ${traces.flatMap(({ services }) => services).join(', ') || 'nobody'}`);
      return whole;
    },
    { deadlineMs: ARRIVAL_MS, everyMs: 500, signal },
  );
  const logLines = await until(
    'log lines of web and api with the id of the request',
    async (bounded) => {
      const lines = await stack.signals.logs.ofRequest(requestId, bounded);
      const services = new Set(lines.map(({ service }) => service));
      return services.size >= 2 ? lines.length : undefined;
    },
    { deadlineMs: ARRIVAL_MS, everyMs: 500, signal },
  );
  const jobTraceId = await jobOf(traceId, stack.signals.traces, signal);
  return { traceId, spans, jobTraceId, logLines };
}

/** @returns the id of the request that made the task. */
async function makeTask(page: Page, web: string, assignee: string): Promise<string> {
  await page.goto(`${web}/`);
  await page.getByRole('link', { name: 'New task' }).click();
  await page.getByLabel('Title').fill(TITLE);
  await page.getByLabel('Assign to').fill(assignee);
  const [response] = await Promise.all([
    page.waitForResponse(
      (each) => each.request().method() === 'POST' && each.url().endsWith('/api/v1/tasks'),
    ),
    page.getByLabel('Title').press('Enter'),
  ]);
  if (response.status() !== 201) throw new Error(`making a task: expected 201, got ${response.status()}`);
  const requestId = await response.headerValue('x-request-id');
  if (requestId === null) throw new Error('expected x-request-id in the answer');
  await page.getByRole('link', { name: TITLE }).waitFor();
  return requestId;
}

/** The worker's trace names the request's in a span link. @returns undefined where the store knows no links. */
async function jobOf(
  traceId: string,
  traces: Stack['signals']['traces'],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!traces.linkedTo) return undefined;
  return until(
    'a job of the worker linked to the request',
    async (bounded) => (await traces.linkedTo?.(traceId, bounded))?.[0],
    { deadlineMs: ARRIVAL_MS, everyMs: 500, signal },
  );
}
