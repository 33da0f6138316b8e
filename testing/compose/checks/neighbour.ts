/** A second lab beside the first (second-lab.ts): neither sees anything of the other. */
import assert from 'node:assert/strict';
import { elasticsearchLogs, jaegerTraces, type LogStore, query, type TraceStore, until } from '@lab/cli';
import { createTaskClient } from '../../src/task-client.ts';
import { assertNothingLeft, startSecondLab } from '../second-lab.ts';
import { SLOW, type Step, type Subject } from '../subject.ts';

/** Written on one side only, and so counted there only. */
const TASKS = 7;

/** Where one lab's signals are asked for. */
interface Side {
  web: string;
  prometheus: string;
  logs: LogStore;
  traces: TraceStore;
}

export function neighbour({ stack, settings, counts }: Subject): Step[] {
  return [
    {
      title: 'two labs side by side are both ready, and neither sees anything of the other',
      needs: ['elasticsearch', 'fluentd', 'jaeger'],
      async run(signal) {
        const second = await startSecondLab('b', { signal });
        try {
          await apart(sideOf(settings), sideOf(second.settings), signal);
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
  using client = createTaskClient(second.web);
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
      (await second.logs.ofRequest(requestId, bounded)).length >= 2 &&
      (await second.traces.ofRequest(requestId, bounded)).length === 1,
    { ...SLOW, signal },
  );
  using stranger = createTaskClient(first.web);
  assert.equal((await stranger.call('POST', '/users/login', { json: account })).status, 401);
  assert.deepEqual(await first.logs.ofRequest(requestId, signal), []);
  assert.deepEqual(await first.traces.ofRequest(requestId, signal), []);
  assert.equal(await written(first, signal), before, 'writes that the first lab counted meanwhile');
}

async function written({ prometheus }: Side, signal: AbortSignal): Promise<number> {
  const series = 'http_requests_total{job="taskmanager-backend",method="POST",status_code="201"}';
  return (await query(prometheus, `sum(${series}) or vector(0)`, signal))[0]?.value ?? Number.NaN;
}

function sideOf({ ports }: Subject['settings']): Side {
  const at = (port?: number) => `http://127.0.0.1:${port}`;
  return {
    web: at(ports.WEB_PORT),
    prometheus: at(ports.PROMETHEUS_PORT),
    logs: elasticsearchLogs({
      url: at(ports.ELASTICSEARCH_PORT),
      kibanaUrl: undefined,
      grafanaUrl: undefined,
    }),
    traces: jaegerTraces(at(ports.JAEGER_PORT)),
  };
}
