/** Lines of other programs' loggers: their time, level, service and message are found. */
import { expect, it } from 'vitest';
import { LOG_LEVELS } from '../../src/contract/logs.ts';
import { fieldsOfStored, parseLine } from '../../src/store/records/parse-line.ts';

const AT = Date.UTC(2026, 10, 28, 21, 55, 57);
const CONTEXT = { service: 'file', ms: 1.8e12, latestMs: Date.UTC(2030, 0, 1) };

function read(line: string, defect?: 'too-long') {
  const [parsed] = parseLine(line, CONTEXT, defect);
  if (parsed === undefined) throw new Error('expected a record');
  const { message } = fieldsOfStored(parsed.line, parsed.defect);
  return { ms: parsed.ms, level: LOG_LEVELS[parsed.level], service: parsed.service, message };
}

it.each([
  ['pino', { level: 50, time: AT, msg: 'm' }, 'error', 'file'],
  ['pino, a level of its own', { level: 35, time: AT, msg: 'm' }, 'info', 'file'],
  ['bunyan', { name: 'shop', level: 40, msg: 'm', time: '2026-11-28T21:55:57.000Z', v: 0 }, 'warn', 'file'],
  ['structlog', { event: 'm', level: 'error', timestamp: '2026-11-28T21:55:57Z' }, 'error', 'file'],
  ['zap', { level: 'dpanic', ts: AT / 1000, msg: 'm' }, 'error', 'file'],
  ['zerolog', { level: 'trace', time: AT / 1000, message: 'm' }, 'debug', 'file'],
  ['logrus', { level: 'warning', time: '2026-11-28T22:55:57+01:00', msg: 'm' }, 'warn', 'file'],
  ['slog', { level: 'DEBUG', time: '2026-11-28T21:55:57.000000000Z', msg: 'm' }, 'debug', 'file'],
  [
    'python-json-logger',
    { levelname: 'CRITICAL', asctime: '2026-11-28 21:55:57,000', message: 'm' },
    'error',
    'file',
  ],
  ['GELF', { version: '1.1', short_message: 'm', level: 4, timestamp: AT / 1000 }, 'warn', 'file'],
  ['Google Cloud', { severity: 'NOTICE', time: '2026-11-28T21:55:57Z', textPayload: 'm' }, 'info', 'file'],
  [
    'OpenTelemetry',
    { severityText: 'ERROR', timestamp: String(AT * 1e6), body: 'm', service: 'shop' },
    'error',
    'shop',
  ],
  [
    'ECS, nested',
    { '@timestamp': '2026-11-28T21:55:57Z', log: { level: 'info' }, service: { name: 'shop' }, message: 'm' },
    'info',
    'shop',
  ],
])('reads a line of %s', (_, line, level, service) => {
  expect(read(JSON.stringify(line))).toEqual({ ms: AT, level, service, message: 'm' });
});

it('shows a message that is an object as JSON, and keeps its members as fields', () => {
  const line = '{"@timestamp":"2026-11-28T21:55:57Z","message":{"a":1},"log.level":"info"}';
  expect(read(line)).toMatchObject({ message: '{"a":1}', level: 'info' });
  expect(fieldsOfStored(line, 0)).toMatchObject({ 'message.a': 1 });
});

it('prefers the message to names that other programs use for it', () => {
  expect(read('{"message":"m","event":"other","msg":"third"}').message).toBe('m');
  expect(read('{"event":{"action":"x"}}').message).toBeUndefined();
});

it('reads a line behind a byte order mark', () => {
  expect(read('\ufeff{"message":"m","level":"warn"}')).toMatchObject({ message: 'm', level: 'warn' });
});

it.each([
  '{"time":1795902957000,"level":30,"service":"shop","msg":"m","rest":"',
  '{ "time" : 1795902957000 , "level" : 30 , "service" : "shop" , "msg" : "m" , "rest" : "',
  '{\t"@timestamp":\t"2026-11-28T21:55:57Z",\t"log.level":\t"info",\t"service.name":\t"shop",\t"message":\t"m",\t"rest":\t"',
])('keeps time, level, service and message of a line that was cut: %s', (line) => {
  expect(read(line, 'too-long')).toEqual({ ms: AT, level: 'info', service: 'shop', message: 'm' });
});

it('keeps whole numbers exact', () => {
  const line = '{"message":"m","order.id":9007199254740993,"small":12,"big":18446744073709551615,"x":1.5}';
  expect(fieldsOfStored(line, 0)).toMatchObject({
    'order.id': '9007199254740993',
    small: 12,
    big: '18446744073709551615',
    x: 1.5,
  });
});
