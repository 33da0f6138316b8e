/** Not one log line lost, none twice: written to a container's stdout, while the kubelet moves the file and Fluentd's pod is killed. */
import assert from 'node:assert/strict';
import { toYaml, until } from '@lab/cli';
import { z } from 'zod';
import { countIndexed } from '../../compose/proofs/indexed-lines.ts';
import { type Check, podsOf, SLOW, type Subject } from '../subject.ts';

/** The logger of the API's image. Fluentd reads what pods print whose names begin with `taskmanager-`. */
const WRITER = `
import { createTelemetry } from '@lab/telemetry';
const count = Number(process.env.COUNT), instanceId = process.env.INSTANCE;
const service = { name: 'taskmanager-api', version: 'proof', instanceId, environment: 'lab' };
const telemetry = createTelemetry({ service, log: { stdout: true }, defaultMetrics: false });
for (let line = 1; line <= count; line += 1) {
  telemetry.logger.info('line ' + line + ' of a proof that none is lost ' + 'x'.repeat(400), { 'event.duration': line });
  if (line % 100 === 0) await new Promise((resolve) => setTimeout(resolve, Number(process.env.PAUSE)));
}
await telemetry.shutdown();
`;
/** So long it writes: the file is moved and Fluentd killed meanwhile. */
const WRITING_MS = 60_000;
const NAME = 'taskmanager-writer';
const SCOPE = ['--namespace', 'taskmanager'];

export function logs(subject: Subject): Check[] {
  const { stack, settings, counts, options } = subject;
  const { kubectl } = stack;
  return [
    {
      title: `${options.lines.toLocaleString('en-GB')} log lines over rotations of the kubelet and a killed Fluentd: none lost, none twice`,
      async run(signal) {
        const instance = `proof-${Date.now()}`;
        await kubectl.run(
          ['apply', '--server-side', '--field-manager=observability-lab', '--filename', '-'],
          {
            input: toYaml([writer(stack.cluster.image('api'), instance, options.lines)]),
          },
        );
        try {
          await until('the writer to write', async () => (await phase(subject)) !== 'Pending', {
            ...SLOW,
            signal,
          });
          const [fluentd] = await podsOf(subject, 'fluentd');
          assert(fluentd, 'no pod of Fluentd');
          await kubectl.run([
            ...['delete', 'pod', '--namespace', 'node-agents', fluentd.name],
            ...['--grace-period=0', '--force'],
          ]);
          await until('the writer to be done', async () => (await phase(subject)) === 'Succeeded', {
            ...SLOW,
            deadlineMs: 10 * 60_000,
            signal,
          });
          const elasticsearch = `http://127.0.0.1:${settings.ports['ELASTICSEARCH_PORT']}`;
          const found = await countIndexed({ elasticsearch, instance, count: options.lines, signal });
          Object.assign(counts, found);
          assert.deepEqual([found.log_lines_found, found.log_lines_doubled], [found.log_lines_written, 0]);
        } finally {
          await kubectl.run(['delete', 'job', NAME, ...SCOPE, '--ignore-not-found']);
        }
      },
    },
  ];
}

const pods = z.object({ items: z.array(z.object({ status: z.object({ phase: z.string() }) })) });

async function phase({ stack: { kubectl } }: Subject): Promise<string> {
  const { items } = await kubectl.json(pods, ['get', 'pods', ...SCOPE, '--selector', `job-name=${NAME}`]);
  return items[0]?.status.phase ?? 'Pending';
}

function writer(image: string, instance: string, lines: number): object {
  const environment = {
    COUNT: lines,
    INSTANCE: instance,
    PAUSE: Math.ceil(WRITING_MS / (lines / 100)),
    NODE_OPTIONS: '--max-old-space-size=96',
  };
  const container = {
    name: 'writer',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--input-type=module', '--eval', WRITER],
    workingDir: '/app/services/api',
    env: Object.entries(environment).map(([name, value]) => ({ name, value: String(value) })),
    resources: { requests: { cpu: '100m', memory: '160Mi' }, limits: { cpu: '1', memory: '160Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
  const labels = { app: 'log-writer', 'app.kubernetes.io/part-of': 'observability-lab' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: NAME, namespace: 'taskmanager', labels },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container],
        },
      },
    },
  };
}
