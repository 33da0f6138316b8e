import { describe, expect, it } from 'vitest';
import { brushRange, histogramModel } from '../../../src/app/logs/histogram.ts';
import { requestSummary } from '../../../src/app/logs/record.ts';

const start = Date.UTC(2026, 10, 22, 12);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const histogram = (counts: number[][], extra = {}) => ({
  from: at(0),
  to: at(counts.length * 10),
  stepSeconds: 10,
  by: 'level' as const,
  keys: ['error', 'info'],
  bars: counts.map((bar, index) => ({
    start: at(index * 10),
    total: bar.reduce((sum, count) => sum + count, 0),
    counts: bar,
  })),
  total: counts.flat().reduce((sum, count) => sum + count, 0),
  complete: true,
  countedFrom: at(0),
  tookMs: 1,
  ...extra,
});

describe('bars', () => {
  it('stand on errors and reach up to the largest bar', () => {
    const { boxes, most } = histogramModel(
      histogram([
        [5, 5],
        [0, 4],
      ]),
    );
    expect(most).toBe(10);
    expect(boxes.map(({ key, y, height }) => [key, y, height])).toEqual([
      ['error', 0.5, 0.5],
      ['info', 0, 0.5],
      ['info', 0.6, 0.4],
    ]);
  });
  it('let one error among thousands be seen, inside the picture', () => {
    const [error, info] = histogramModel(histogram([[1, 9999]])).boxes;
    expect(error?.height).toBe(0.02);
    expect(info?.y).toBe(0);
  });
  it('are none without lines, and unknown where counting did not get to', () => {
    expect(histogramModel(histogram([[0, 0]])).boxes).toEqual([]);
    expect(
      histogramModel(
        histogram(
          [
            [0, 0],
            [1, 1],
          ],
          { complete: false, countedFrom: at(10) },
        ),
      ).unknownUntil,
    ).toBe(0.5);
  });
});

it('turns a drag in either direction into whole bars, at least one', () => {
  const four = histogram([
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
  const inSeconds = (from: number, to: number) => ({ from: start + from * 1000, to: start + to * 1000 });
  expect(brushRange(four, [0.3, 0.6])).toEqual(inSeconds(10, 30));
  expect(brushRange(four, [0.6, 0.3])).toEqual(inSeconds(10, 30));
  expect(brushRange(four, [0.3, 0.3])).toEqual(inSeconds(10, 20));
  expect(brushRange(four, [-4, 9])).toEqual(inSeconds(0, 40));
});

it('adds request and answer to an access line, and nothing that its message says already', () => {
  const record = {
    id: 'x',
    time: at(0),
    level: 'info' as const,
    service: 's',
    message: 'request completed',
    traceId: null,
    spanId: null,
    requestId: null,
    fields: {
      'http.request.method': 'GET',
      'url.path': '/a',
      'http.response.status_code': 200,
      'event.duration': 12_400_000,
    },
    defect: null,
  };
  expect(requestSummary(record)).toBe('GET /a 200 12.4 ms');
  expect(requestSummary({ ...record, message: 'GET /a 200' })).toBe('12.4 ms');
  expect(requestSummary({ ...record, message: 'GET /:id 200' })).toBe('/a 12.4 ms');
  expect(requestSummary({ ...record, fields: {} })).toBe('');
});
