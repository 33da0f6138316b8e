/** Leaves a mark in every store of the lab, and looks for all of them later: what has to survive is what a person would miss. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { query, readBack, until } from '@lab/cli';
import { type Account, createTaskClient } from '../../src/task-client.ts';
import { SLOW, type Subject } from '../subject.ts';

export interface Marks {
  account: Account;
  title: string;
  /** Of the request that wrote the task. */
  requestId: string;
  /** Log lines of that request. */
  lines: number;
  /** Unix seconds, and what Prometheus held of that moment. */
  at: number;
  requests: number;
}

const requestsAt = (moment: number) => `sum(http_requests_total{job="taskmanager-backend"} @ ${moment})`;

/** Returns when the marks are in Postgres, Elasticsearch, Jaeger and Prometheus. */
export async function leaveMarks({ stack }: Subject, signal: AbortSignal): Promise<Marks> {
  using client = createTaskClient(stack.addresses.web);
  const account = await client.signUp();
  const title = `left behind ${randomUUID()}`;
  const { status, requestId } = await client.call('POST', '/tasks', { json: { title } });
  assert.equal(status, 201);
  const lines = await until(
    'web and api to have the mark in Elasticsearch',
    async (bounded) => {
      const found = await stack.signals.logs.ofRequest(requestId, bounded);
      return found.length >= 2 ? found.length : undefined;
    },
    { ...SLOW, signal },
  );
  await until(
    'the trace of the mark in Jaeger',
    async (bounded) => (await stack.signals.traces.ofRequest(requestId, bounded)).length > 0,
    { ...SLOW, signal },
  );
  const { at, requests } = await until(
    'Prometheus to hold requests',
    async (bounded) => {
      // Some seconds back: the last samples may still be coming in.
      const moment = Math.floor(Date.now() / 1000) - 15;
      const [sample] = await query(stack.addresses.prometheus, requestsAt(moment), bounded);
      return sample && sample.value > 0 ? { at: moment, requests: sample.value } : undefined;
    },
    { ...SLOW, signal },
  );
  return { account, title, requestId, lines, at, requests };
}

/** @throws AssertionError naming the store that lost its mark; Error where no signal can be read back. */
export async function findMarks(
  { stack, settings }: Subject,
  marks: Marks,
  signal: AbortSignal,
): Promise<void> {
  await readBack(stack, {
    sessionSecret: settings.secrets.SESSION_SECRET,
    progress: () => undefined,
    signal,
    deadlineMs: SLOW.deadlineMs,
  });
  using client = createTaskClient(stack.addresses.web);
  const login = await client.call('POST', '/users/login', { json: marks.account });
  assert.equal(login.status, 200, 'the account is gone from Postgres');
  const { items } = (await client.call('GET', '/tasks')).body as { items: { title: string }[] };
  assert.deepEqual(
    items.map(({ title }) => title),
    [marks.title],
    'the task is gone from Postgres',
  );
  const lines = await stack.signals.logs.ofRequest(marks.requestId, signal);
  assert.equal(lines.length, marks.lines, 'log lines in Elasticsearch');
  const traces = await stack.signals.traces.ofRequest(marks.requestId, signal);
  assert.equal(traces.length, 1, 'the trace is gone from Jaeger');
  const [sample] = await query(stack.addresses.prometheus, requestsAt(marks.at), signal);
  assert.equal(sample?.value, marks.requests, `requests in Prometheus at ${marks.at}`);
}
