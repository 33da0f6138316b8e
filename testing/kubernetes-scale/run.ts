/**
 * Prometheus' discovery and rules against simulated pods: objects in a real API server (etcd and kube-apiserver only), their metrics
 * answered by one process with what the real programs expose. Everything runs in namespaces of its own, which have no way out and end with it.
 * Needs root on Linux, and a Prometheus with Kubernetes' discovery: from Docker's image by default.
 *
 * Usage: node testing/kubernetes-scale/run.ts [--sizes 10,100,1000] [--runs 3] [--prometheus PATH] [--paper]
 * Exit status: 0 measured and published, 2 it could not run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRun, describeError, runCommand } from '@lab/cli';
import { kubernetesProgram } from '@lab/cluster';
import { ROOT, readCompose, withDefaults } from '@lab/manifest';
import { writeFigures } from '@lab/workshop';
import { z } from 'zod';
import { temporaryFolder } from '../src/index.ts';
import { recordExpositions } from './exposition.ts';
import { PODS, scaleFigures, scaleOnPaper } from './figures.ts';
import { RESULTS, type Results, TASK, type Task } from './inside.ts';
import { POD_NETWORK } from './pods.ts';

const COMMAND = 'node testing/kubernetes-scale/run.ts';
const DURATIONS = { settleMs: 20_000, windowMs: 20_000 };
const TIMEOUT_MS = 60 * 60_000;

/** Names of the cluster that the configuration asks for; the one process answers for them. */
const HOSTS = '127.0.0.1 localhost blackbox-exporter\n';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: PODS.join(',') },
      runs: { type: 'string', default: '3' },
      prometheus: { type: 'string' },
      paper: { type: 'boolean' },
    },
  });
  if (!values.paper) {
    const sizes = values.sizes.split(',').map(count('--sizes'));
    const figures = await measureScale(sizes, count('--runs')(values.runs), values.prometheus);
    console.log(JSON.stringify(figures, null, 2));
    // The documents speak of these numbers of pods; what was measured of others is printed only.
    if (!PODS.every((size) => sizes.includes(size))) return;
    await publish('kubernetes-scale', figures);
  }
  await publish(
    'kubernetes-growth',
    scaleOnPaper(await published('sizing'), await published('kubernetes-scale')),
  );
}

async function publish(name: string, figures: Record<string, number>): Promise<void> {
  console.log(await writeFigures(ROOT, name, { command: COMMAND, figures }));
}

async function measureScale(
  sizes: readonly number[],
  runs: number,
  given: string | undefined,
): Promise<Record<string, number>> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new CannotRun('the measurement makes namespaces and mounts: run it as root on Linux');
  await using folder = await temporaryFolder();
  const prometheus = given ?? (await prometheusOfImage(folder.path));
  if (!existsSync(prometheus)) throw new CannotRun(`--prometheus: there is no ${prometheus}`);
  const hyperkube = await kubernetesProgram(console.error, AbortSignal.timeout(TIMEOUT_MS));
  console.error('recording what the programs expose');
  const expositions = await recordExpositions();
  const task: Task = { hyperkube, prometheus, expositions, sizes, runs, durations: DURATIONS };
  await writeFile(join(folder.path, TASK), JSON.stringify(task));
  await writeFile(join(folder.path, 'hosts'), HOSTS);
  // /run is where a pod has its token.
  const prepare = [
    `ip link set lo up && ip address add 10.99.0.1/32 dev lo && ip address add ${POD_NETWORK} dev lo`,
    `mount -t tmpfs tmpfs /run && mount --bind "$1/hosts" /etc/hosts && exec "$2" "$3" "$1"`,
  ].join(' && ');
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const inside = join(import.meta.dirname, 'inside.ts');
  const child = spawn(
    'unshare',
    [...namespaces, 'sh', '-c', prepare, 'sh', folder.path, process.execPath, inside],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CannotRun(`the measurement ended with ${code ?? child.signalCode}: see above`);
  const results = JSON.parse(await readFile(join(folder.path, RESULTS), 'utf8')) as Results;
  return scaleFigures(results);
}

/** The program of the image that compose.yaml names. */
async function prometheusOfImage(folder: string): Promise<string> {
  const image = withDefaults(readCompose().services['prometheus']?.image ?? '');
  const target = join(folder, 'prometheus');
  try {
    const { stdout: container } = await runCommand('docker', ['create', image]);
    try {
      await runCommand('docker', ['cp', '--follow-link', `${container}:/bin/prometheus`, target]);
    } finally {
      await runCommand('docker', ['rm', container]);
    }
  } catch (cause) {
    throw new CannotRun(`no Prometheus out of ${image} (give one by --prometheus): ${describeError(cause)}`, {
      cause,
    });
  }
  return target;
}

async function published(name: string): Promise<Record<string, number>> {
  const text = await readFile(join(ROOT, 'docs', 'figures', `${name}.json`), 'utf8').catch(() => {
    throw new CannotRun(`docs/figures/${name}.json is missing: measure it first`);
  });
  return z.object({ figures: z.record(z.string(), z.number()) }).parse(JSON.parse(text)).figures;
}

function count(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new CannotRun(`${option}: expected whole numbers above 0, received ${text}`);
  };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
