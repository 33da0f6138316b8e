/** A second lab beside the first (second-lab.ts): neither sees anything of the other. */
import assert from 'node:assert/strict';
import { openStackInUse, query, type Stack, until } from '@lab/cli';
import { createTaskClient } from '../../src/task-client.ts';
import { assertNothingLeft, startSecondLab } from '../second-lab.ts';
import { SLOW, type Step, type Subject } from '../subject.ts';

/** Written on one side only, and so counted there only. */
const TASKS = 7;

/** Where one lab's signals are asked for. */
type Side = Pick<Stack, 'addresses' | 'signals'>;

export function neighbour({ stack, counts }: Subject): Step[] {
  return [
    {
      title: 'two labs side by side are both ready, and neither sees anything of the other',
      needs: ['elasticsearch', 'fluentd', 'jaeger'],
      async run(signal) {
        const second = await startSecondLab('b', { signal });
        try {
          await apart(stack, await openStackInUse(second.paths, second.settings), signal);
          const notReady = (await stack.status({ memory: false })).filter(({ state }) => state !== 'ready');
          assert.deepEqual(notReady, []);
          counts['labs_side_by_side'] = 2;
        } finally {
          await second[Symbol.asyncDispose]();
        }
        assertNothingLeft(second.project);
      },
    },
  ];
}

async function apart(first: Side, second: Side, signal: AbortSignal): Promise<void> {
  const before = await written(first, signal);
  using client = createTaskClient(second.addresses.web);
  const account = await client.signUp();
  let requestId = '';
  for (let task = 1; task <= TASKS; task += 1) {
    const answer = await client.call('POST', '/tasks', { json: { title: `of the second lab ${task}` } });
    assert.equal(answer.status, 201);
    requestId = answer.requestId;
  }
  await until(
    'the second lab to hold what was done there',
    async (bounded) =>
      (await written(second, bounded)) >= TASKS &&
      (await second.signals.logs.ofRequest(requestId, bounded)).length >= 2 &&
      (await second.signals.traces.ofRequest(requestId, bounded)).length === 1,
    { ...SLOW, signal },
  );
  using stranger = createTaskClient(first.addresses.web);
  assert.equal((await stranger.call('POST', '/users/login', { json: account })).status, 401);
  assert.deepEqual(await first.signals.logs.ofRequest(requestId, signal), []);
  assert.deepEqual(await first.signals.traces.ofRequest(requestId, signal), []);
  assert.equal(await written(first, signal), before, 'writes that the first lab counted meanwhile');
}

async function written({ addresses }: Side, signal: AbortSignal): Promise<number> {
  const series = 'http_requests_total{job="taskmanager-backend",method="POST",status_code="201"}';
  return (await query(addresses.prometheus, `sum(${series}) or vector(0)`, signal))[0]?.value ?? Number.NaN;
}
