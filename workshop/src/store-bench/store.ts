/**
 * Measures the console's store as it is used: log files followed, spans over OTLP/HTTP, searches over HTTP, in a console process
 * of its own on one core. `…_per_cpu_second` counts the processor time of the whole console, so other load on the machine does not
 * spoil it.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median } from '@lab/cli';
import { freePorts } from '../free-port.ts';
import { requests } from './otlp-request.ts';
import { lineMakers } from './records.ts';

const HOUR = 3_600_000;
const SPANS_EACH = 512;
const SENDERS = 4;
const ROUNDS = 21;

/** The searches of a person, from common to rare; `q` and filters as in the address. */
const SEARCHES: Readonly<Record<string, string>> = {
  newest: '',
  common_word: 'q=timeout',
  two_words: 'q=timeout%20refused',
  phrase: 'q=%22connection%20refused%22',
  errors: 'level=error',
  status: 'q=http.response.status_code%3E%3D500',
  word_and_level: 'q=pool&level=error',
  slow: 'q=event.duration%3E1900000000',
  not: 'q=NOT%20log.level:info',
  absent: 'q=nosuchword',
};
const HISTOGRAMS: Readonly<Record<string, string>> = {
  everything: '',
  errors: 'level=error',
  not_one_service: 'q=NOT%20service.name:lab-console',
  one_service: 'service=taskmanager-api&by=service',
  common_word: 'q=timeout',
  word_not_service: 'q=timeout%20NOT%20service.name:lab-console',
  two_words: 'q=timeout%20refused',
  word_and_level: 'q=pool&level=error',
  absent: 'q=nosuchword',
};

interface Bench {
  /** A folder of this run alone; it is removed afterwards. */
  folder: string;
  /** Log lines. */
  records: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

function writeLogs({ folder, records }: Bench): number {
  const firstMs = Date.now() - HOUR;
  const makers = lineMakers(1);
  const each = Math.ceil(records / makers.length);
  makers.forEach((maker, index) => {
    const file = openSync(join(folder, 'logs', `${maker.service}.log`), 'w');
    let text = '';
    for (let line = 0; line < each; line++) {
      text += `${maker.next(firstMs + ((line * makers.length + index) * HOUR) / records)}\n`;
      if (text.length > 1e6) {
        writeSync(file, text);
        text = '';
      }
    }
    writeSync(file, text);
    closeSync(file);
  });
  return each * makers.length;
}

async function startConsole({ folder, say, signal: ended }: Bench) {
  const [port, management, otlp] = await freePorts(3);
  const node = [
    process.execPath,
    '--max-semi-space-size=8',
    '--max-old-space-size=256',
    '--import',
    '@lab/telemetry/register',
    'src/main.ts',
  ];
  const pinned = hasTaskset(say) ? ['taskset', '-c', '0', ...node] : node;
  const child = spawn(pinned[0] ?? '', pinned.slice(1), {
    cwd: join(import.meta.dirname, '../../../services/console'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      SERVICE_NAME: 'lab-console',
      LOG_STDOUT: 'false',
      PORT: String(port),
      MANAGEMENT_PORT: String(management),
      OTLP_PORT: String(otlp),
      LOG_DIR: join(folder, 'logs'),
      CONSOLE_DATA_DIR: join(folder, 'data'),
      STORE_MAX_LOG_MB: '8192',
      STORE_MAX_TRACE_MB: '8192',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const written = async (signal: 'logs' | 'spans') => {
    const response = await fetch(`http://127.0.0.1:${management}/metrics`);
    return Number(
      new RegExp(`^console_store_written_total\\{signal="${signal}"\\} (\\d+)`, 'm').exec(
        await response.text(),
      )?.[1],
    );
  };
  const self = {
    url,
    otlpUrl: `http://127.0.0.1:${otlp}/v1/traces`,
    written,
    /** Seconds of processor time so far. */
    cpu(): number {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    pssMb(): number {
      const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8'));
      return Math.round(Number(found?.[1]) / 1024);
    },
    async until(signal: 'logs' | 'spans', count: number): Promise<void> {
      while ((await written(signal)) < count) await pause(50, undefined, { signal: ended });
    },
    async stop() {
      if (!child.kill('SIGTERM')) return;
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
  for (let tries = 0; ; tries++) {
    try {
      await written('logs');
      return self;
    } catch (error) {
      if (tries > 300) throw error;
      await pause(50);
    }
  }
}

type Console = Awaited<ReturnType<typeof startConsole>>;

function hasTaskset(say: Bench['say']): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    say('no taskset here: the console is not held to one core');
    return false;
  }
}

async function ingestLogs(lab: Console, lines: number) {
  const [first, began, cpu] = [await lab.written('logs'), performance.now(), lab.cpu()];
  await lab.until('logs', lines);
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: (lines - first) / seconds, perCpuSecond: (lines - first) / (lab.cpu() - cpu) };
}

async function ingestSpans(lab: Console, spans: number) {
  const bodies = requests(5, Date.now() - HOUR, SPANS_EACH);
  let left = spans / SPANS_EACH;
  let repeated = 0;
  const [began, cpu] = [performance.now(), lab.cpu()];
  const sender = async () => {
    while (left-- > 0) {
      const body = new Uint8Array(bodies.next().value as Buffer);
      for (;;) {
        const response = await fetch(lab.otlpUrl, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-protobuf' },
        });
        await response.arrayBuffer();
        if (response.status === 200) break;
        repeated++;
        await pause(100);
      }
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const seconds = (performance.now() - began) / 1000;
  const used = lab.cpu() - cpu;
  await lab.until('spans', spans);
  return { perSecond: spans / seconds, perCpuSecond: spans / used, repeated };
}

/** Median milliseconds of each question, as the client sees it, and of all of them together. */
async function ask(lab: Console, path: string, questions: Readonly<Record<string, string>>) {
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, query] of Object.entries(questions)) {
      const began = performance.now();
      const response = await fetch(`${lab.url}${path}?from=now-2h&${query}`);
      const { complete } = (await response.json()) as { complete: boolean };
      if (!response.ok || !complete)
        throw new Error(`${path}?${query} answered ${response.status}, complete: ${complete}`);
      const taken = times[name] ?? [];
      times[name] = taken;
      taken.push(performance.now() - began);
    }
  }
  const each = Object.fromEntries(
    Object.entries(times).map(([name, taken]) => [name, round1(median(taken))]),
  );
  return {
    each,
    median: round1(median(Object.values(times).flat())),
    slowest: Math.max(...Object.values(each)),
  };
}

const round1 = (number = Number.NaN) => Math.round(number * 10) / 10;

/**
 * Takes in log lines and spans and searches them, in a console of its own.
 * @param size how many log lines and, at least, spans.
 * @returns lines and spans a second, and a second of processor time; milliseconds; memory in MB.
 */
export async function measureStore(
  size: { records: number; spans: number },
  say: (line: string) => void,
  signal: AbortSignal,
) {
  const { records } = size;
  const spans = Math.ceil(size.spans / SPANS_EACH) * SPANS_EACH;
  const folder = mkdtempSync(join(tmpdir(), 'console-bench-'));
  const bench: Bench = { folder, records, say, signal };
  mkdirSync(join(folder, 'logs'));
  say(`writing ${records} log lines to ${folder}`);
  const lines = writeLogs(bench);
  const lab = await startConsole(bench);
  try {
    say('the console reads them');
    const logs = await ingestLogs(lab, lines);
    const pssAfterLogs = lab.pssMb();
    say('searching');
    const search = await ask(lab, '/api/logs', SEARCHES);
    const histogram = await ask(lab, '/api/logs/histogram', HISTOGRAMS);
    say(`sending ${spans} spans`);
    const traces = await ingestSpans(lab, spans);
    const traceSearch = await ask(lab, '/api/traces', {
      newest: '',
      errors: 'error=true',
      slow: 'minDurationMs=900',
      service: 'service=taskmanager-api',
    });
    say('searching while lines come in');
    let writing = true;
    let more = 0;
    const [maker] = lineMakers(99);
    const writer = (async () => {
      while (writing) {
        const batch = Array.from({ length: 200 }, () => maker?.next(Date.now())).join('\n');
        appendFileSync(join(folder, 'logs', 'more.log'), `${batch}\n`);
        more += 200;
        await pause(100);
      }
    })();
    const during = await ask(lab, '/api/logs', SEARCHES);
    writing = false;
    await writer;
    await lab.until('logs', lines + more);
    const lost = lines + more - (await lab.written('logs'));
    return {
      ingest_logs_per_second: Math.round(logs.perSecond),
      ingest_logs_per_cpu_second: Math.round(logs.perCpuSecond),
      ingest_spans_per_second: Math.round(traces.perSecond),
      ingest_spans_per_cpu_second: Math.round(traces.perCpuSecond),
      search_ms_p50_at_1m: search.median,
      histogram_ms_p50_at_1m: histogram.median,
      search_ms_p50_slowest_question: search.slowest,
      histogram_ms_p50_slowest_question: histogram.slowest,
      search_ms_p50_during_ingest: during.median,
      trace_search_ms_p50: traceSearch.median,
      lines_lost: lost,
      records: lines + more,
      spans,
      pss_mb_after_ingest: pssAfterLogs,
      pss_mb_at_end: lab.pssMb(),
      searches: search.each,
      histograms: histogram.each,
      trace_searches: traceSearch.each,
    };
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
