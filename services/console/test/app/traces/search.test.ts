import { describe, expect, it } from 'vitest';
import { edgeCurve, layoutGraph, placeBoxes } from '../../../src/app/traces/graph-layout.ts';
import { scatterModel } from '../../../src/app/traces/scatter.ts';
import {
  newestOnly,
  readMilliseconds,
  readSearch,
  searchParameters,
  searchProblem,
  splitTags,
} from '../../../src/app/traces/search.ts';

describe('the search form', () => {
  const form = (query: string) => readSearch(new URLSearchParams(query));
  it('becomes the API’s parameters', () => {
    expect(searchParameters(form('service=api&min=150ms&max=1.5s&error=true&tags=a%3Db+c%3D"d e"'))).toEqual({
      service: 'api',
      operation: '',
      minDurationMs: 150,
      maxDurationMs: 1500,
      error: 'true',
      tag: ['a=b', 'c=d e'],
    });
  });
  it.each([
    ['min=fast', '“fast” is no duration'],
    ['max=-5', '“-5” is no duration'],
    ['min=2s&max=1s', 'The shortest duration is above the longest.'],
    ['tags=nothing', 'Tags: expected key=value'],
    ['min=100&max=2s&tags=http.route%3D/api', undefined],
  ])('judges %s: %s', (query, problem) => {
    const found = searchProblem(form(query));
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
  it('reads milliseconds with and without a unit', () => {
    expect(['250', '250ms', '1.5s', '2m', 'x', ''].map(readMilliseconds)).toEqual([
      250,
      250,
      1500,
      120_000,
      undefined,
      undefined,
    ]);
  });
  it('keeps equals signs inside a tag’s value', () => {
    expect(splitTags('url.query=a=b')).toEqual(['url.query=a=b']);
  });
});

describe('the service graph', () => {
  const edges = [
    { caller: 'browser', callee: 'web' },
    { caller: 'web', callee: 'api' },
    { caller: 'api', callee: 'db' },
    { caller: 'api', callee: 'worker' },
    { caller: 'worker', callee: 'db' },
  ];
  const names = ['db', 'worker', 'api', 'web', 'browser'];
  it('puts callers before callees', () => {
    const { places } = layoutGraph(names, edges);
    expect(['browser', 'web', 'api', 'worker', 'db'].map((name) => places.get(name)?.layer)).toEqual([
      0, 1, 2, 3, 4,
    ]);
  });
  it('leads a call that skips a layer past the box that stands there', () => {
    const layout = layoutGraph(names, edges);
    const { boxes } = placeBoxes(layout, false);
    const route = layout.routes[2] ?? [];
    expect(route).toHaveLength(3);
    const [lane, worker] = [boxes.get(route[1] ?? ''), boxes.get('worker')];
    expect(lane?.x).toBe(worker?.x);
    expect(lane?.y).not.toBe(worker?.y);
    expect(
      edgeCurve(
        route.flatMap((name) => boxes.get(name) ?? []),
        false,
      ).path.match(/C/g),
    ).toHaveLength(2);
  });
  it('stands calls in a circle and a service that calls itself', () => {
    const { places } = layoutGraph(
      ['a', 'b'],
      [
        { caller: 'a', callee: 'b' },
        { caller: 'b', callee: 'a' },
        { caller: 'a', callee: 'a' },
      ],
    );
    expect(places.size).toBe(2);
  });
});

it('places traces by time and, logarithmically, by duration', () => {
  const trace = (start: number, durationMs: number) => ({
    traceId: `${start}`,
    rootService: 's',
    rootOperation: 'o',
    start: new Date(start).toISOString(),
    durationMs,
    spans: 1,
    errors: 0,
    services: [],
  });
  const { dots, ticks } = scatterModel([trace(0, 1), trace(50, 10), trace(100, 100)], { from: 0, to: 100 });
  expect(dots.map(({ x }) => x)).toEqual([0, 0.5, 1]);
  const [low = 0, middle = 0, high = 0] = dots.map(({ y }) => y);
  expect(low - middle).toBeCloseTo(middle - high);
  expect(ticks.map(({ ms }) => ms)).toEqual(expect.arrayContaining([1, 10, 100]));
});

describe('the notice above the chart', () => {
  const now = new Date(2026, 10, 22, 12).getTime();
  const traces = [
    { start: new Date(now - 1000).toISOString() },
    { start: new Date(now - 9000).toISOString() },
  ];
  it('says how many of the newest are drawn and how far back they reach', () => {
    expect(newestOnly(traces, { nextCursor: '7', complete: true }, now)).toContain(
      'Only the newest 2 traces of the range, back to 11:59:51',
    );
  });
  it('is not there when all are drawn, or when the page says already that the search is not done', () => {
    expect(newestOnly(traces, { nextCursor: null, complete: true }, now)).toBeUndefined();
    expect(newestOnly(traces, { nextCursor: '7', complete: false }, now)).toBeUndefined();
    expect(newestOnly([], { nextCursor: '7', complete: true }, now)).toBeUndefined();
  });
});
