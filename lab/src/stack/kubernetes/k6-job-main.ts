/**
 * Runs k6 as a Job of the cluster and behaves as k6 itself would: its lines on stdout, its exit status, and SIGINT ends it early. Nothing
 * of it stays in the cluster.
 *
 * Arguments: the connection (JSON), the names of the variables that k6 must see (with commas), then k6's own arguments.
 */
import { join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { execa } from 'execa';
import { z } from 'zod';
import { describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import { until } from '../../wait.ts';
import { Kubectl } from './kubectl.ts';
import { k6Objects, NAMESPACE } from './k6-objects.ts';
import { objectsOf, toYaml } from './rendered.ts';

const START_DEADLINE_MS = 60_000;
const END_DEADLINE_MS = 60_000;

const connectionSchema = z
  .object({ kubectl: z.string(), kubeconfig: z.string().optional(), context: z.string() })
  .transform(({ kubeconfig, ...rest }) => ({ ...rest, kubeconfig }));
const jobPods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z.object({
        containerStatuses: z
          .array(
            z.object({
              state: z.object({
                waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
                running: z.object({}).optional(),
                terminated: z.object({ exitCode: z.number() }).optional(),
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

const [connection = '{}', names = '', ...args] = process.argv.slice(2);
const kubectl = new Kubectl(connectionSchema.parse(JSON.parse(connection)));
const name = `k6-${process.pid}`;
const scope = ['--namespace', NAMESPACE];

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  return 1;
});

async function main(): Promise<number> {
  const rendered = await runCommand(kubectl.connection.kubectl, ['kustomize', join(ROOT, 'kubernetes', 'load')]);
  const variables = Object.fromEntries(
    names.split(',').map((each) => [each, process.env[each] ?? '']),
  );
  const objects = k6Objects(objectsOf(rendered.stdout), { name, variables, args });
  try {
    await kubectl.run(['apply', '--server-side', '--field-manager=observability-lab', '--filename', '-'], {
      input: toYaml(objects),
    });
    await until('the pod of k6 to start', async () => ((await stateOf()) === 'waiting' ? undefined : true), {
      deadlineMs: START_DEADLINE_MS,
      everyMs: 200,
    });
    return await follow();
  } finally {
    const made = objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
    await kubectl.run(['delete', ...scope, '--ignore-not-found', '--wait=false', ...made]);
  }
}

/** Passes the lines on until k6 has ended, then returns its exit status. */
async function follow(): Promise<number> {
  const logs = execa(
    kubectl.connection.kubectl,
    kubectl.arguments(['logs', ...scope, '--follow', '--container', 'k6', `job/${name}`]),
    { stdin: 'ignore', stdout: 'inherit', stderr: 'inherit', reject: false, detached: true },
  );
  // As k6 takes it: nobody new, finish, say what came of it.
  const interrupt = () => {
    const signal = ['exec', ...scope, `job/${name}`, '--container', 'k6', '--', 'sh', '-c', 'kill -INT -1'];
    kubectl.run(signal).catch((error: unknown) => process.stderr.write(`${describeError(error)}\n`));
  };
  process.on('SIGINT', interrupt);
  await logs;
  return until(
    'k6 to have ended',
    async () => {
      const state = await stateOf();
      return typeof state === 'number' ? { code: state } : undefined;
    },
    { deadlineMs: END_DEADLINE_MS, everyMs: 200 },
  ).then(({ code }) => code);
}

/** @throws Error naming the reason where its image cannot be had. */
async function stateOf(): Promise<'waiting' | 'running' | number> {
  const { items } = await kubectl.json(jobPods, ['get', 'pods', ...scope, '--selector', `job-name=${name}`]);
  const state = items[0]?.status.containerStatuses[0]?.state;
  if (state?.terminated) return state.terminated.exitCode;
  if (state?.running) return 'running';
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (/Err|BackOff|Invalid/.test(reason)) throw new Error(`the Job of k6 does not start: ${reason}: ${message}`);
  return 'waiting';
}
