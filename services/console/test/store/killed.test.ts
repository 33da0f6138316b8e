import { appendFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { type ConsoleProgram, eventually, startConsole } from '@lab/testing';
import { requests } from '@lab/workshop/otlp-requests';
import { randomFrom } from '@lab/workshop/records';
import { expect, test } from 'vitest';

const LEAST_LINES = 20_000;
const SPANS_EACH = 100;
const BODIES = 120;
const KILLS = 4;

/** Counts of a database of the console, read beside it. */
function ask(
  console_: ConsoleProgram,
  file: string,
  sql: (table: number) => string,
): Record<string, unknown>[] {
  const database = new DatabaseSync(join(console_.dataDirectory, file), { readOnly: true, timeout: 5_000 });
  try {
    const segments = database.prepare('SELECT number FROM segments').all();
    return segments.flatMap(({ number }) => database.prepare(sql(Number(number))).all());
  } finally {
    database.close();
  }
}

/** Writes lines as a service does, with a rotation every so often, while `goesOn`. @returns how many. */
async function writeLog(folder: string, name: string, goesOn: (written: number) => boolean): Promise<number> {
  const file = join(folder, `${name}.log`);
  let sequence = 0;
  while (goesOn(sequence)) {
    let text = '';
    for (const end = sequence + 100; sequence < end; sequence++) {
      const record = {
        '@timestamp': new Date().toISOString(),
        'log.level': 'info',
        message: `line ${sequence}`,
        'service.name': name,
        'service.instance.id': `instance of ${name}`,
        'event.sequence': sequence,
      };
      text += `${JSON.stringify(record)}\n`;
    }
    // In two writes, so that the console meets torn lines too.
    appendFileSync(file, text.slice(0, 5000));
    appendFileSync(file, text.slice(5000));
    if (sequence % 4000 === 0) rotate(file);
    // Lets the rest of the test run; how fast the lines come does not matter.
    await pause(10);
  }
  return sequence;
}

/** More predecessors than a console needs that a busy machine keeps from coming back for a minute. */
const PREDECESSORS = 200;

function rotate(file: string): void {
  rmSync(`${file}.${PREDECESSORS}`, { force: true });
  for (let age = PREDECESSORS - 1; age >= 0; age--) {
    const from = age === 0 ? file : `${file}.${age}`;
    if (existsSync(from)) renameSync(from, `${file}.${age + 1}`);
  }
}

/** Sends each body until it is accepted, as an exporter does. @returns how many spans were accepted. */
async function sendSpans(url: string): Promise<number> {
  const bodies = requests(3, Date.now() - 60_000, SPANS_EACH);
  let accepted = 0;
  for (let index = 0; index < BODIES; index++) {
    const body = bodies.next().value as Buffer<ArrayBuffer>;
    const taken = async () => {
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-protobuf' },
      });
      await response.arrayBuffer();
      return response.status === 200;
    };
    // Between two kills a busy machine's console may not get as far as listening, and so take nothing until the last kill.
    await eventually('the spans are taken', taken, { deadlineMs: 150_000 });
    accepted += SPANS_EACH;
  }
  return accepted;
}

test('a console killed again and again during ingest loses no line and no span, and doubles none', {
  timeout: 240_000,
}, async () => {
  await using lab = await startConsole();
  const random = randomFrom(Date.now());
  let killing = true;
  const killer = async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      // At a moment that is different each time.
      await pause(100 + random() * 600);
      await lab.restart('SIGKILL');
    }
    killing = false;
  };
  const goesOn = (written: number) => killing || written < LEAST_LINES / 2;
  const [accepted, api, web] = await Promise.all([
    sendSpans(lab.otlpUrl),
    writeLog(lab.logDirectory, 'taskmanager-api', goesOn),
    writeLog(lab.logDirectory, 'taskmanager-web', goesOn),
    killer(),
  ]);
  const lines = api + web;
  const count = () =>
    ask(lab, 'logs.db', (table) => `SELECT count(*) AS n FROM record_${table}`).reduce(
      (sum, { n }) => sum + Number(n),
      0,
    );
  await eventually(`${lines} lines are stored`, () => count() >= lines, { deadlineMs: 60_000 });
  const rows = ask(lab, 'logs.db', (table) => `SELECT instance, sequence, defect FROM record_${table}`);
  expect(rows).toHaveLength(lines);
  expect(new Set(rows.map(({ instance, sequence }) => `${instance} ${sequence}`)).size).toBe(lines);
  expect(rows.filter(({ defect }) => defect !== 0)).toEqual([]);
  // The index and the roll-ups agree with the rows.
  const rolledUp = ask(lab, 'logs.db', (table) => `SELECT total(records) AS n FROM second_${table}`);
  expect(rolledUp.reduce((sum, { n }) => sum + Number(n), 0)).toBe(lines);
  const indexed = ask(
    lab,
    'logs.db',
    (table) => `SELECT count(*) AS n FROM word_${table} WHERE word_${table} MATCH '"line"'`,
  );
  expect(indexed.reduce((sum, { n }) => sum + Number(n), 0)).toBe(lines);

  const spans = ask(lab, 'spans.db', (table) => `SELECT trace_id, span_id FROM span_${table}`);
  expect(spans).toHaveLength(accepted);
  expect(new Set(spans.map(({ trace_id, span_id }) => `${trace_id} ${span_id}`)).size).toBe(accepted);
});

test('a console stopped in the ordinary way ends at once, and its next life has everything', async () => {
  await using lab = await startConsole();
  await writeLog(lab.logDirectory, 'taskmanager-api', (written) => written < 3000);
  const { program } = lab;
  await lab.restart('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
  const total = async () => {
    const { body } = await lab.get('/api/logs/histogram?q=line&from=now-15m');
    return (body as { total: number }).total;
  };
  await eventually('3000 lines are counted', async () => (await total()) >= 3000);
  expect(await total()).toBe(3000);
});
