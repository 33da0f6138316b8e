/**
 * The rehearsal: the rules as they stand in the work tree, played against recordings. Nothing waits: moments are those of the recording.
 * Owns the order of the steps; what a recording is lives in ../recordings, what Prometheus makes of rules in evaluate.ts.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readRules, readRulesOf } from '@lab/prometheus';
import { z } from 'zod';
import { type ReadRules, rulesToDraw } from '../chaos/report/charts.ts';
import { CannotRun } from '../cli/failure.ts';
import { readYaml } from '../cli/read-yaml.ts';
import type { Episode, Recording } from '../recordings/recording.ts';
import { readRecording } from '../recordings/recording.ts';
import { type Rule, rulesOf } from '../recordings/rule-set.ts';
import type { AlertEpisode } from './alert-states.ts';
import { type Routing, readRouting } from './alertmanager/configuration.ts';
import { type Notification, notificationsOf } from './alertmanager/notifications.ts';
import { checkRules } from './check-rules.ts';
import { type Evaluated, evaluate } from './evaluate.ts';
import { type Judged, judgeRecording } from './judge.ts';
import { type Plan, planOf } from './plan.ts';
import type { PrometheusProgram } from './scratch-prometheus.ts';
import { Templates } from './templates.ts';

/** What is played, as it is written. */
export interface RehearsedSources {
  /** Texts of rules files by name. */
  rules: ReadonlyMap<string, string>;
  /** The text of alertmanager.yml. */
  alertmanager: string;
  /** External labels of Prometheus, which templates may ask for. */
  externalLabels: Readonly<Record<string, string>>;
}

/**
 * Reads the work tree's.
 * @param root the checkout.
 * @param folder rules to play in place of its own.
 * @throws CannotRun where prometheus.yml cannot be read.
 */
export async function readSources(root: string, folder?: string): Promise<RehearsedSources> {
  return {
    rules: folder === undefined ? readRules() : readRulesOf(folder),
    alertmanager: await readFile(join(root, 'alertmanager', 'alertmanager.yml'), 'utf8'),
    externalLabels: await externalLabels(root),
  };
}

export interface RehearseOptions {
  sources: RehearsedSources;
  /** Holds the recordings. */
  folder: string;
  names: readonly string[];
  /** Play this alert only. */
  rule: string | undefined;
  /** Play every alert; else, where something was edited, only what the edit touches: the others do what they did. */
  everything: boolean;
  program: PrometheusProgram;
  signal: AbortSignal;
}

export interface Rehearsed {
  recording: Recording;
  evaluated: Evaluated;
  /** Annotations of each episode that fired, as its message says them. */
  annotations: ReadonlyMap<AlertEpisode, Record<string, string>>;
  judged: Judged;
  messages: { before: Notification[]; after: Notification[] };
}

export interface Rehearsal {
  recordings: Rehearsed[];
  /** Alerts that differ from the recorded ones in some recording, or read what does. */
  touched: ReadonlySet<string>;
  /** Alerts that no recording knows. */
  newAlerts: ReadonlySet<string>;
  milliseconds: number;
}

/** @throws CannotRun where a rule, a recording or the routing cannot be read. */
export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const began = performance.now();
  const { sources, folder, names, program, signal } = options;
  await checkRules(sources.rules, program, signal);
  const routing = readRouting(sources.alertmanager);
  const templates = new Templates(program, sources.externalLabels);
  const plans = new Plans(sources.rules);
  const prepared = await Promise.all(
    names.map(async (name) => {
      const recording = await readRecording(folder, name);
      return { recording, ...plans.of(recording) };
    }),
  );
  const touched = new Set(prepared.flatMap(({ plan }) => [...plan.touched, ...plan.removed]));
  const everything = options.everything || touched.size === 0;
  const done = new Map<string, Omit<Rehearsed, 'annotations'>>();
  const waiting = [...prepared];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      signal.throwIfAborted();
      const { recording, rules, recorded, plan, drawnBy } = next;
      const alerts = chosen(rules, plan, { rule: options.rule, everything });
      const given = { recording, rules, recorded, plan, alerts, drawnBy, program, templates, signal };
      const evaluated = await evaluate(given);
      const judged = judge({ recording, plan, alerts, evaluated, routing, options });
      done.set(recording.facts.name, { recording, evaluated, ...judged });
    }
  };
  // One more than there are cores: a Prometheus that starts waits for the disk now and then.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  await templates.fillIn();
  return {
    recordings: names.flatMap((name) => {
      const one = done.get(name);
      return one ? [{ ...one, annotations: annotationsOf(one.evaluated, templates) }] : [];
    }),
    newAlerts: new Set(prepared.flatMap(({ plan }) => plan.added)),
    touched,
    milliseconds: performance.now() - began,
  };
}

function annotationsOf({ texts }: Evaluated, templates: Templates): Rehearsed['annotations'] {
  return new Map(
    texts.map(({ episode, names, given }) => {
      const filledIn = templates.read(given);
      return [episode, Object.fromEntries(names.map((name, place) => [name, filledIn[place] ?? '']))];
    }),
  );
}

interface Prepared {
  rules: Rule[];
  recorded: Rule[];
  plan: Plan;
  drawnBy: { before: ReadRules; after: ReadRules };
}

/** Most recordings were made with the same rules: these are read once. */
class Plans {
  readonly #files: ReadonlyMap<string, string>;
  readonly #after: ReadRules;
  readonly #known = new Map<string, Prepared>();

  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
    this.#after = rulesToDraw(files);
  }

  of({ facts: { speed, evaluationMs }, rules: recorded }: Recording): Prepared {
    const key = JSON.stringify([speed, evaluationMs, ...recorded]);
    const known = this.#known.get(key);
    if (known) return known;
    const scale = { speed, evaluationMs };
    const rules = rulesOf(this.#files, scale);
    const before = rulesOf(recorded, scale);
    const made = {
      rules,
      recorded: before,
      plan: planOf(before, rules),
      drawnBy: {
        before: sameTexts(recorded, this.#files) ? this.#after : rulesToDraw(recorded),
        after: this.#after,
      },
    };
    this.#known.set(key, made);
    return made;
  }
}

function sameTexts(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
}

function chosen(
  rules: readonly Rule[],
  plan: Plan,
  { rule, everything }: Pick<RehearseOptions, 'rule' | 'everything'>,
): Set<string> {
  const alerts = new Set(rules.filter(({ kind }) => kind === 'alert').map(({ name }) => name));
  if (rule !== undefined) {
    if (!alerts.has(rule) && !plan.removed.includes(rule))
      throw new CannotRun(`RULE=${rule}: there is no alert of this name in prometheus/rules`);
    return new Set(alerts.has(rule) ? [rule] : []);
  }
  return everything ? alerts : new Set(plan.touched);
}

function judge({
  recording,
  plan,
  alerts,
  evaluated,
  routing,
  options,
}: {
  recording: Recording;
  plan: Plan;
  alerts: ReadonlySet<string>;
  evaluated: Evaluated;
  routing: Routing;
  options: RehearseOptions;
}): Pick<Rehearsed, 'judged' | 'messages'> {
  const { facts } = recording;
  const removed =
    options.rule === undefined ? plan.removed : plan.removed.filter((each) => each === options.rule);
  const away = new Set([...alerts, ...removed]);
  // What is not played does what it did, and so does what was over before.
  const stays = ({ alert, endedAt }: Episode) =>
    !away.has(alert) || (endedAt !== undefined && endedAt < facts.from);
  const after = [...facts.fired.filter(stays), ...evaluated.episodes];
  const recordedRouting = readRouting(recording.alertmanager);
  const messages = {
    before: messagesOf(facts.fired, recordedRouting, recording),
    after: messagesOf(after, routing, recording),
  };
  return { messages, judged: judgeRecording({ facts, only: options.rule, after, messages }) };
}

function messagesOf(episodes: readonly Episode[], routing: Routing, { facts }: Recording): Notification[] {
  const alerts = episodes.flatMap(({ alert, labels, firingAt, endedAt }) =>
    firingAt === undefined
      ? []
      : [
          {
            labels: { ...labels, alertname: alert },
            firingAt,
            ...(endedAt === undefined ? {} : { endedAt }),
          },
        ],
  );
  // Messages may still come when nothing fires any more.
  const to = Math.max(facts.to, facts.marks.endedAt ?? 0);
  return notificationsOf(alerts, routing, { to, speed: facts.speed });
}

const prometheusFile = z.looseObject({
  global: z
    .looseObject({ external_labels: z.record(z.string(), z.coerce.string()).default({}) })
    .prefault({}),
});

async function externalLabels(root: string): Promise<Record<string, string>> {
  const text = await readFile(join(root, 'prometheus', 'prometheus.yml'), 'utf8');
  const read = prometheusFile.safeParse(readYaml(text, 'prometheus/prometheus.yml'));
  if (!read.success) throw new CannotRun(`prometheus/prometheus.yml: ${z.prettifyError(read.error)}`);
  return read.data.global.external_labels;
}
