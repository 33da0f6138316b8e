/**
 * Accounts for every log line: none missing in the files (each process numbers its lines), none of an answered
 * request missing, and the console holds each exactly once.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { until } from '../wait.ts';

export interface WrittenLines {
  /** Lines in the services' files. */
  written: number;
  /** Numbers that a process skipped. */
  gaps: number;
  /** Requests that got an answer and have no line of web, although web went on living. */
  answeredWithoutLine: number;
  /** Requests answered right before web was killed, whose line it took with it: nobody can write it any more. */
  unwrittenAtKill: number;
  /** Lines that the console does not hold, or holds more than once. */
  notStored: number;
  storedTwice: number;
}

/** A request that was sent under an id of its own. */
export interface AnsweredRequest {
  id: string;
  /** The moment at which the answer was complete, Unix time in milliseconds. */
  at: number;
}

export interface AccountingOptions {
  /** Folder of the services' log files. */
  logFolder: string;
  consoleUrl: string;
  answered: readonly AnsweredRequest[];
  /** The moments at which the kill of web was asked for and confirmed, Unix time in milliseconds; undefined: there was none. */
  webKill?: { killedAt: number; endedAt: number } | undefined;
  /** Start of the measurement, ISO. */
  since: string;
  deadlineMs: number;
}

const line = z.object({
  '@timestamp': z.string(),
  'service.name': z.string(),
  'service.instance.id': z.string(),
  'event.sequence': z.number(),
  'http.request.id': z.string().optional(),
});

interface Written {
  /** Numbers of its lines, by process. */
  sequences: Map<string, Set<number>>;
  requestsOfWeb: Set<string>;
  lines: number;
}

/**
 * From an answer to its line in the file, at most, and as much from an answer to when a busy client takes note of it: the
 * line is made when the answer is out, and written in the next batch.
 */
const WRITING_MS = 250;

function wholeSecond(round: (value: number) => number, milliseconds: number): string {
  return new Date(round(milliseconds / 1000) * 1000).toISOString();
}

export async function accountForLines(options: AccountingOptions): Promise<WrittenLines> {
  // The services go on writing while this counts, so both sides count up to one moment: a whole second, as the console's
  // histogram counts whole seconds.
  const range = {
    logFolder: options.logFolder,
    since: wholeSecond(Math.floor, Date.parse(options.since)),
    to: wholeSecond(Math.ceil, Date.now()),
  };
  const written = await readSettledLines(range);
  let gaps = 0;
  for (const numbers of written.sequences.values()) {
    const highest = Math.max(...numbers);
    const lowest = Math.min(...numbers);
    gaps += highest - lowest + 1 - numbers.size;
  }
  let notStored = 0;
  let storedTwice = 0;
  for (const [instance, numbers] of written.sequences) {
    const stored = await untilStored(instance, numbers.size, { ...options, ...range });
    notStored += Math.max(0, numbers.size - stored);
    storedTwice += Math.max(0, stored - numbers.size);
  }
  const absent = options.answered.filter(({ id }) => !written.requestsOfWeb.has(id));
  const { webKill } = options;
  const unwritten = absent.filter(
    ({ at }) => webKill && at > webKill.killedAt - WRITING_MS && at < webKill.endedAt + WRITING_MS,
  );
  return {
    written: written.lines,
    gaps,
    answeredWithoutLine: absent.length - unwritten.length,
    unwrittenAtKill: unwritten.length,
    notStored,
    storedTwice,
  };
}

interface Range {
  logFolder: string;
  since: string;
  to: string;
}

/** Reads until a second reading finds the same: lines of the last moments may still be on their way to the file. */
async function readSettledLines(range: Range): Promise<Written> {
  let last = await readLines(range);
  return until(
    'the files to hold every line',
    async () => {
      if (Date.now() < Date.parse(range.to)) return undefined;
      const again = await readLines(range);
      const settled = again.lines === last.lines;
      last = again;
      return settled ? again : undefined;
    },
    { deadlineMs: 10_000, everyMs: 500 },
  );
}

async function readLines({ logFolder: folder, since, to }: Range): Promise<Written> {
  const written: Written = { sequences: new Map(), requestsOfWeb: new Set(), lines: 0 };
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // A person's own folder, or a link whose file is gone, holds no lines.
    if (!(await stat(path).catch(() => undefined))?.isFile()) continue;
    for await (const text of createInterface(createReadStream(path))) {
      const parsed = line.safeParse(parseJson(text));
      // The line that a kill -9 cut short: its request was never answered, or it is counted below as missing.
      if (!parsed.success) continue;
      const { data } = parsed;
      if (data['@timestamp'] < since) continue;
      if (data['service.name'] === 'taskmanager-web' && data['http.request.id'] !== undefined)
        written.requestsOfWeb.add(data['http.request.id']);
      if (data['@timestamp'] >= to) continue;
      const numbers = written.sequences.get(data['service.instance.id']) ?? new Set();
      written.sequences.set(data['service.instance.id'], numbers.add(data['event.sequence']));
      written.lines += 1;
    }
  }
  return written;
}

const histogram = z.object({ total: z.number(), complete: z.boolean() });

/** Counts the lines of a process that the console holds, once it has them all or the deadline passed. */
async function untilStored(
  instance: string,
  expected: number,
  options: AccountingOptions & Range,
): Promise<number> {
  let stored = 0;
  const look = async (signal: AbortSignal) => {
    const query = new URLSearchParams({
      q: `service.instance.id:"${instance}"`,
      from: options.since,
      to: options.to,
    });
    const response = await fetch(`${options.consoleUrl}/api/logs/histogram?${query}`, { signal });
    if (!response.ok) throw new Error(`the console answered ${response.status}: ${await response.text()}`);
    const { total, complete } = histogram.parse(await response.json());
    if (!complete) throw new Error('the console has not counted to the end');
    stored = total;
    return stored >= expected;
  };
  await until('the console to hold every line', look, { deadlineMs: options.deadlineMs, everyMs: 250 }).catch(
    (error: Error) => {
      // Fewer lines than expected are the result; a console that cannot say is not.
      if (stored === 0) throw error;
    },
  );
  return stored;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
