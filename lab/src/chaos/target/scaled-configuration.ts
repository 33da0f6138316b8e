/** Copies of rules, scrape configuration and routes in which time runs faster, for the stack to load. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeRefusal,
  isOfTheLab,
  parseDuration,
  type RefusedRule,
  readAlerts,
  readRules,
  scaleAlertmanager,
  scalePrometheus,
  scaleRuleFiles,
} from '@lab/prometheus';
import { parse } from 'yaml';
import { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import { terminal } from '../../cli/output.ts';
import type { ConfigurationSources } from '../../stack/stack.ts';
import type { Timing } from '../run/timing.ts';
import type { Target } from './target.ts';

const RULES = join('prometheus', 'rules');

/** Loads, and fails at every evaluation: two series on each side match, and neither is told which. */
const FAILING_RULE = `groups:
  - name: lab-chaos
    rules:
      - record: lab:chaos:failing
        expr: vector(1) * on () up
`;

export interface ScaledOptions {
  /** The checkout. */
  root: string;
  /** Is emptied and filled. */
  folder: string;
  speed: number;
  failingRule?: boolean;
  /** Texts of rules files by name; the checkout's where none are given. */
  rules?: ReadonlyMap<string, string>;
  /** Is told of each rule that is left out. */
  say?(line: string): void;
}

/**
 * Writes the copies. A rule of a person's own that cannot run so fast is named and left out: the run goes on without it.
 * @throws CannotRun where it is a rule of the lab's.
 */
export async function writeScaled({
  root,
  folder,
  speed,
  failingRule,
  rules = readRules(),
  say = terminal.progress,
}: ScaledOptions): Promise<ConfigurationSources> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, RULES), { recursive: true });
  await mkdir(join(folder, 'alertmanager'), { recursive: true });
  const copy = async (file: string, scale: (text: string) => string) =>
    writeFile(join(folder, file), scale(await readFile(join(root, file), 'utf8')));
  await copy('prometheus/prometheus.yml', (text) => scalePrometheus(text, speed));
  const scaled = scaleRuleFiles(rules, speed, await readIntervals(root));
  requireOwn(scaled.refused);
  for (const rule of scaled.refused) say(`left out of this run: ${describeRefusal(rule)}`);
  for (const [name, text] of scaled.files) await writeFile(join(folder, RULES, name), text);
  if (failingRule) await writeFile(join(folder, RULES, 'lab-chaos.yml'), FAILING_RULE);
  await copy('alertmanager/alertmanager.yml', (text) => scaleAlertmanager(text, speed));
  await cp(join(root, 'alertmanager', 'templates'), join(folder, 'alertmanager', 'templates'), {
    recursive: true,
  });
  return { prometheus: join(folder, 'prometheus'), alertmanager: join(folder, 'alertmanager') };
}

/** The experiments of the lab need the lab's own rules, each of them. */
function requireOwn(refused: readonly RefusedRule[]): void {
  if (refused.some(({ file }) => isOfTheLab(file)))
    throw new CannotRun(refused.map(describeRefusal).join('\n'));
}

/** Writes the copies that a running lab loads during a run. What is left out was said when the run began. */
export function scaledFor(
  { paths, speed }: Target,
  { failingRule = false } = {},
): Promise<ConfigurationSources> {
  const folder = join(paths.run, 'scaled');
  return writeScaled({ root: paths.root, folder, speed, failingRule, say: () => undefined });
}

const prometheusFile = z.looseObject({
  global: z.looseObject({ scrape_interval: z.string(), evaluation_interval: z.string() }),
});

/** Reads the intervals as written, by which ranges and steps of rules are judged. */
async function readIntervals(root: string) {
  const text = await readFile(join(root, 'prometheus/prometheus.yml'), 'utf8');
  const { global } = prometheusFile.parse(parse(text));
  return { scrapeInterval: global.scrape_interval, evaluationInterval: global.evaluation_interval };
}

const alertmanagerFile = z.looseObject({
  route: z.looseObject({ group_wait: z.string(), group_interval: z.string() }),
});

/** Reads what the theoretical minimum and the limits are counted from, as it stands in the checkout. */
export async function readTiming(root: string, speed: number, patience: number): Promise<Timing> {
  const read = (file: string) => readFile(join(root, file), 'utf8');
  const { global } = prometheusFile.parse(
    parse(scalePrometheus(await read('prometheus/prometheus.yml'), speed)),
  );
  const { route } = alertmanagerFile.parse(parse(await read('alertmanager/alertmanager.yml')));
  return {
    speed,
    patience,
    scrapeMs: parseDuration(global.scrape_interval),
    evaluationMs: parseDuration(global.evaluation_interval),
    groupWaitMs: parseDuration(route.group_wait),
    groupIntervalMs: parseDuration(route.group_interval),
    forMs: new Map(readAlerts().map((alert) => [alert.name, parseDuration(alert.for ?? '0')])),
  };
}
