/** `lab record`: cuts an incident out of any Prometheus, to rehearse rules against. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRules } from '@lab/prometheus';
import { stringify } from 'yaml';
import type { Command } from '../cli/command.ts';
import { CannotRun } from '../cli/failure.ts';
import { cutRecording } from '../recordings/cut.ts';
import { type Recording, recordingFolder, recordingName, writeRecording } from '../recordings/recording.ts';
import { ensurePrometheusProgram } from '../rehearsal/prometheus-program.ts';
import { loadSettings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';

export const record: Command = {
  name: 'record',
  summary: 'cut an incident out of a Prometheus, to play rules against it',
  options: {
    name: { kind: 'value', summary: 'what to call it, such as checkout-outage' },
    from: { kind: 'value', summary: 'its beginning, such as 2026-11-29T05:00:00Z' },
    to: { kind: 'value', summary: 'its end' },
    prometheus: { kind: 'value', summary: 'address of the Prometheus; without it, that of the running lab' },
    speed: { kind: 'value', summary: 'the time scale of its rules: 1 by default' },
  },
  async run({ paths, environment, output, options, signal }) {
    const name = recordingName(options['name']);
    const [from, to] = [momentOf('from', options['from']), momentOf('to', options['to'])];
    if (from >= to) throw new CannotRun('--to: expected a moment after --from');
    const speed = speedOf(options['speed']);
    const prometheusUrl =
      typeof options['prometheus'] === 'string'
        ? addressOf(options['prometheus'])
        : (await openRunningStack(paths, await loadSettings(paths, environment))).addresses.prometheus;
    const program = await ensurePrometheusProgram(paths, output.progress);
    const recording = await cutRecording({
      facts: {
        name,
        title: name,
        source: 'cut',
        speed,
        from,
        to,
        marks: {},
        must: [],
        may: [],
        overlapped: [],
      },
      prometheusUrl,
      rules: readRules(),
      alertmanager: await readFile(join(paths.root, 'alertmanager', 'alertmanager.yml'), 'utf8'),
      program,
      signal,
    });
    const folder = recordingFolder(paths.root);
    await mkdir(folder, { recursive: true });
    const bytes = await writeRecording(folder, recording);
    output.result(`${join(folder, `${name}.tar.zst`)}: ${Math.round(bytes / 1024)} kB`);
    const beside = join(folder, `${name}.yaml`);
    if (existsSync(beside)) return;
    await writeFile(beside, expectationOf(recording));
    output.result(
      `${beside}: what should have fired. What did fire stands there: put right what was wrong about it`,
    );
  },
};

/** Begins the file that a person goes on with: what fired, as if it had been right. */
function expectationOf({ facts: { fired, from, to } }: Recording): string {
  const inside = fired.filter(
    ({ firingAt = 0, alert }) => firingAt >= from && firingAt <= to && alert !== 'Watchdog',
  );
  const alerts = [...new Set(inside.map(({ alert }) => alert))];
  const seconds = (alert: string) => {
    const first = Math.min(...inside.flatMap((each) => (each.alert === alert ? [each.firingAt ?? to] : [])));
    return Math.ceil((first - from) / 1000);
  };
  return `# What should have fired in this recording, each within so long after its beginning. Whatever else fires is a false alarm,
# but for the alerts named under \`may\`.
${stringify({ expect: alerts.map((alert) => ({ alert, within: `${seconds(alert)}s` })), may: [] })}`;
}

function momentOf(option: string, text: string | true | undefined): number {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new CannotRun(
      `--${option}: expected a moment such as 2026-11-29T05:00:00Z, received ${JSON.stringify(text)}`,
    );
  return at;
}

function speedOf(text: string | true | undefined): number {
  const speed = Number(text ?? 1);
  if (Number.isFinite(speed) && speed >= 1) return speed;
  throw new CannotRun(`--speed: expected a number of 1 or more, received ${JSON.stringify(text)}`);
}

function addressOf(text: string): string {
  if (/^https?:\/\/\S+$/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new CannotRun(`--prometheus: expected an address such as http://127.0.0.1:9090, received ${text}`);
}
