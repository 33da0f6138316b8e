/** A second lab beside the first, started by `lab up` as by a person: project, ports and folder of its own. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { labPaths, loadSettings, openStackInUse, query, type Stack, until } from '@lab/cli';
import { createTaskClient } from '../../src/task-client.ts';
import { labCommand } from '../lab-command.ts';
import { ownLab } from '../own-lab.ts';
import { docker, SLOW, type Step, type Subject } from '../subject.ts';

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
        const { project, folder, variables } = await ownLab(`${process.env['COMPOSE_PROJECT_NAME']}b`);
        const second = (...args: string[]) => labCommand(args, { variables, signal });
        try {
          assert.equal(
            (await second('up')).code,
            0,
            '`lab up` of the second lab, which reads every signal back',
          );
          const environment = { ...process.env, ...variables };
          const paths = labPaths(environment);
          const there = await openStackInUse(paths, await loadSettings(paths, environment));
          await apart(stack, there, signal);
          const notReady = (await stack.status({ memory: false })).filter(({ state }) => state !== 'ready');
          assert.deepEqual(notReady, []);
          counts['labs_side_by_side'] = 2;
        } finally {
          // Whatever happened: also after an interruption.
          const { code } = await labCommand(['clean'], { variables, signal: new AbortController().signal });
          if (code === 0) rmSync(folder, { recursive: true, force: true });
        }
        for (const kind of [
          ['ps', '--all'],
          ['volume', 'ls'],
          ['network', 'ls'],
        ]) {
          const label = `label=com.docker.compose.project=${project}`;
          assert.equal(
            docker(...kind, '--quiet', '--filter', label),
            '',
            `left by \`lab clean\`: ${kind[0]}`,
          );
        }
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
