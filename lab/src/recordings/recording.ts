/**
 * A recorded incident: the samples that rules read, what was done, what was promised of it, what fired. Owns the format that
 * prometheus/recordings/README.md describes; how one is cut out of a Prometheus is in cut.ts, what is made of it in ../rehearsal.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CannotRun } from '../cli/failure.ts';
import { readYaml } from '../cli/read-yaml.ts';
import { type ArchiveEntry, ArchiveError, packArchive, unpackArchive } from './archive.ts';

/** Goes up with every change that older readers would misread. */
export const FORMAT_VERSION = 1;
const ENDING = '.tar.zst';

const moment = z.int().describe('Unix milliseconds');
const labels = z.record(z.string(), z.string());

export const episodeSchema = z.strictObject({
  alert: z.string(),
  labels: labels.describe('of the alert, without alertname'),
  pendingAt: moment,
  firingAt: moment.optional(),
  endedAt: moment.optional().describe('absent: it was still active at the end'),
});
export type Episode = z.infer<typeof episodeSchema>;

export const expectedSchema = z.strictObject({
  alert: z.string(),
  labels: labels.optional().describe('at least these'),
  withinMs: z.int().optional().describe('after the method, of the wall clock'),
  inbox: z.enum(['delivered', 'late', 'hidden']).default('delivered'),
});
export type Expected = z.infer<typeof expectedSchema>;

export const recordingSchema = z.strictObject({
  version: z.literal(FORMAT_VERSION),
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string(),
  source: z.enum(['experiment', 'cut']),
  mode: z.string().optional(),
  speed: z.number().min(1).describe('the rules ran so many times faster than written'),
  from: moment.describe('the rules are judged from here'),
  to: moment,
  evaluationMs: z.int().min(1),
  groups: z
    .array(z.strictObject({ file: z.string(), group: z.string(), phaseMs: z.int().min(0) }))
    .describe('when within its interval each group was evaluated'),
  pauses: z
    .array(z.strictObject({ from: moment, to: moment }))
    .describe('stretches in which nothing was evaluated'),
  marks: z.strictObject({
    methodFrom: moment.optional(),
    methodAt: moment.optional(),
    rollbackAt: moment.optional(),
    healedAt: moment.optional(),
    endedAt: moment.optional(),
  }),
  must: z.array(expectedSchema),
  may: z.array(z.string()).describe('alerts that may fire'),
  overlapped: z
    .array(z.strictObject({ name: z.string(), from: moment, to: moment, alerts: z.array(z.string()) }))
    .describe('experiments that ran meanwhile, each with the alerts that it declares'),
  fired: z.array(episodeSchema),
});
export type RecordingFacts = z.infer<typeof recordingSchema>;

/** The few lines that a person writes beside a recording of their own. */
const expectationSchema = z.strictObject({
  expect: z.array(
    z.strictObject({
      alert: z.string(),
      labels: labels.optional(),
      within: z
        .string()
        .regex(/^\d+(\.\d+)?(s|m|h)$/, 'expected a duration such as 90s or 5m')
        .optional(),
    }),
  ),
  may: z.array(z.string()).default([]),
});

export interface Recording {
  facts: RecordingFacts;
  /** The rules files that were loaded, as they are written, by name. */
  rules: ReadonlyMap<string, string>;
  /** The Alertmanager configuration that was loaded, as it is written. */
  alertmanager: string;
  /** The archive's files below `data/`: blocks of Prometheus. */
  blocks: readonly ArchiveEntry[];
}

/** @returns the file's size in bytes. */
export async function writeRecording(folder: string, recording: Recording): Promise<number> {
  const { facts, rules, alertmanager, blocks } = recording;
  const packed = await packArchive([
    { name: 'recording.json', content: Buffer.from(`${JSON.stringify(facts, null, 1)}\n`) },
    { name: 'alertmanager.yml', content: Buffer.from(alertmanager) },
    ...[...rules].map(([name, text]) => ({ name: `rules/${name}`, content: Buffer.from(text) })),
    ...blocks,
  ]);
  await writeFile(join(folder, `${facts.name}${ENDING}`), packed);
  return packed.length;
}

/** The committed recordings and a person's own. @param root the checkout. */
export function recordingFolder(root: string): string {
  return join(root, 'prometheus', 'recordings');
}

/** @throws CannotRun where the text is no name of a recording. */
export function recordingName(text: unknown): string {
  const name = recordingSchema.shape.name.safeParse(text);
  if (name.success) return name.data;
  throw new CannotRun(
    `--name: expected small letters, digits and hyphens such as checkout-outage, received ${JSON.stringify(text)}`,
  );
}

/** Names the recordings of a folder. */
export async function recordingNames(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith(ENDING))
    .map((file) => basename(file, ENDING))
    .sort();
}

/** @throws CannotRun naming the file and what is wrong with it. */
export async function readRecording(folder: string, name: string): Promise<Recording> {
  const file = join(folder, `${name}${ENDING}`);
  const entries = await unpack(file);
  const text = (entry: string) => {
    const found = entries.find((each) => each.name === entry);
    if (!found) throw new CannotRun(`${file}: expected an entry ${entry}; record it again`);
    return found.content.toString();
  };
  const facts = recordingSchema.safeParse(jsonOf(text('recording.json'), file));
  if (!facts.success)
    throw new CannotRun(`${file}: recording.json: ${z.prettifyError(facts.error)}; record it again`);
  const rules = entries.filter((each) => each.name.startsWith('rules/'));
  return {
    facts: await withExpectation(facts.data, join(folder, `${name}.yaml`)),
    rules: new Map(rules.map((each) => [each.name.slice('rules/'.length), each.content.toString()])),
    alertmanager: text('alertmanager.yml'),
    blocks: entries.filter((each) => each.name.startsWith('data/')),
  };
}

export async function recordingBytes(folder: string, name: string): Promise<number> {
  return (await stat(join(folder, `${name}${ENDING}`))).size;
}

async function unpack(file: string): Promise<ArchiveEntry[]> {
  const packed = await readFile(file).catch((cause: unknown) => {
    throw new CannotRun(`${file} cannot be read`, { cause });
  });
  try {
    return await unpackArchive(packed);
  } catch (cause) {
    if (cause instanceof ArchiveError)
      throw new CannotRun(`${file} ${cause.message}; record it again`, { cause });
    throw cause;
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CannotRun(`${file}: recording.json is no JSON; record it again`, { cause });
  }
}

/** What a person wrote beside it takes the place of what it was recorded with. */
async function withExpectation(facts: RecordingFacts, file: string): Promise<RecordingFacts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return facts;
  const read = expectationSchema.safeParse(readYaml(text, file));
  if (!read.success) throw new CannotRun(`${file}: ${z.prettifyError(read.error)}`);
  return {
    ...facts,
    may: read.data.may,
    must: read.data.expect.map(({ alert, labels: wanted, within }) => ({
      alert,
      inbox: 'delivered',
      ...(wanted === undefined ? {} : { labels: wanted }),
      ...(within === undefined ? {} : { withinMs: secondsOf(within) * 1000 }),
    })),
  };
}

function secondsOf(duration: string): number {
  const unit = { s: 1, m: 60, h: 3600 }[duration.slice(-1)] ?? 1;
  return Math.round(Number(duration.slice(0, -1)) * unit);
}
