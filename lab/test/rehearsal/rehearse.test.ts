import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import { cutRecording } from '../../src/recordings/cut.ts';
import { type Recording, readRecording, writeRecording } from '../../src/recordings/recording.ts';
import { ensurePrometheusProgram } from '../../src/rehearsal/prometheus-program.ts';
import { rehearse } from '../../src/rehearsal/rehearse.ts';
import { brokenTextLines, changeLines, unreadLines } from '../../src/rehearsal/report/lines.ts';
import { rehearsalPage } from '../../src/rehearsal/report/page.ts';
import { type PrometheusProgram, ScratchPrometheus } from '../../src/rehearsal/scratch-prometheus.ts';
import { type Point, rawSeries, writeSeries } from '../../src/remote-storage/write-series.ts';
import { labPaths } from '../../src/settings/paths.ts';

const RULES = `groups:
  - name: shop
    interval: 1s
    rules:
      - record: shop:errors:ratio
        expr: sum(rate(shop_errors_total[10s])) / sum(rate(shop_requests_total[10s]))
      - alert: ShopErrors
        expr: shop:errors:ratio > 0.5
        for: 5s
        labels: { severity: critical, service: '{{ $labels.job | reReplaceAll "^$" "shop" }}' }
        annotations: { summary: '{{ $value | humanizePercentage }} of requests fail' }
      - alert: ShopDown
        expr: up{job="shop"} == 0
        labels: { severity: critical }
`;
const ALERTMANAGER = `route: { receiver: team, group_by: [alertname], group_wait: 3s, group_interval: 10s }
receivers: [{ name: team, slack_configs: [{ send_resolved: true }] }]
inhibit_rules: [{ source_matchers: ['alertname="ShopDown"'], target_matchers: ['alertname="ShopErrors"'] }]
`;
const BEGIN = Date.UTC(2026, 10, 29, 5);
const SECOND = 1000;
/** Requests begin to fail here, and are well again at the second. */
const [BAD, GOOD, END] = [60, 90, 150];
const ALERT = { alertname: 'ShopErrors', severity: 'critical', service: 'shop' };
/** What a live Prometheus wrote of the alert: the ratio passes one half five seconds after the errors begin. */
const [PENDING, FIRING, LAST] = [BAD + 5, BAD + 10, GOOD + 4];

function points(from: number, to: number, value: (second: number) => number): Point[] {
  return Array.from({ length: to - from + 1 }, (_, index) => [
    BEGIN + (from + index) * SECOND,
    value(from + index),
  ]);
}

/** The shop's own samples and what its rules made of them. */
const SAMPLES = [
  rawSeries(
    { __name__: 'up', job: 'shop' },
    points(0, END, () => 1),
  ),
  rawSeries(
    { __name__: 'shop_requests_total', job: 'shop' },
    points(0, END, (at) => at * 10),
  ),
  rawSeries(
    { __name__: 'shop_errors_total', job: 'shop' },
    points(0, END, (at) => Math.max(0, Math.min(at, GOOD) - BAD) * 10),
  ),
  rawSeries(
    { __name__: 'shop:errors:ratio' },
    points(20, END, (at) => Math.max(0, Math.min(1, (at - BAD) / 9, (GOOD + 9 - at) / 9))),
  ),
  rawSeries({ __name__: 'ALERTS', alertstate: 'pending', ...ALERT }, [
    ...points(PENDING, FIRING - 1, () => 1),
    [BEGIN + FIRING * SECOND, 'stale'],
  ]),
  rawSeries({ __name__: 'ALERTS', alertstate: 'firing', ...ALERT }, [
    ...points(FIRING, LAST, () => 1),
    [BEGIN + (LAST + 1) * SECOND, 'stale'],
  ]),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let program: PrometheusProgram;
let recording: Recording;
const { signal } = new AbortController();

beforeAll(async () => {
  folder = await temporaryFolder();
  program = await ensurePrometheusProgram(labPaths(), () => undefined);
  await using source = await ScratchPrometheus.start({
    program,
    folder: join(folder.path, 'source'),
    signal,
  });
  await writeSeries(source.url, SAMPLES);
  recording = await cutRecording({
    facts: {
      name: 'shop-errors',
      title: 'The shop answers with errors',
      source: 'cut',
      speed: 1,
      from: BEGIN + 30 * SECOND,
      to: BEGIN + END * SECOND,
      marks: { methodFrom: BEGIN + BAD * SECOND, methodAt: BEGIN + BAD * SECOND },
      must: [{ alert: 'ShopErrors', withinMs: 15_000, inbox: 'delivered' }],
      may: [],
      overlapped: [],
    },
    prometheusUrl: source.url,
    evaluationMs: SECOND,
    rules: new Map([['shop.yml', RULES]]),
    alertmanager: ALERTMANAGER,
    program,
    signal,
  });
  await writeRecording(folder.path, recording);
});

afterAll(() => folder[Symbol.asyncDispose]());

async function play(
  edit: (rules: string) => string = (rules) => rules,
  { alertmanager = ALERTMANAGER, rule = undefined as string | undefined } = {},
) {
  const rehearsal = await rehearse({
    sources: { rules: new Map([['shop.yml', edit(RULES)]]), alertmanager, externalLabels: {} },
    folder: folder.path,
    names: ['shop-errors'],
    rule,
    everything: false,
    program,
    signal,
  });
  const [one] = rehearsal.recordings;
  if (!one) throw new Error('expected a recording');
  const { judged, evaluated, annotations } = one;
  return { rehearsal, judged, evaluated, annotations, lines: changeLines(rehearsal) };
}

describe('a recording', () => {
  test('holds what fired, when rules were evaluated, and only what the rules read', async () => {
    const { facts } = await readRecording(folder.path, 'shop-errors');
    const { alertname: alert, ...labels } = ALERT;
    const at = (second: number) => BEGIN + second * SECOND;
    expect(facts.fired).toEqual([
      { alert, labels, pendingAt: at(PENDING), firingAt: at(FIRING), endedAt: at(LAST) },
    ]);
    expect(facts.groups).toEqual([{ file: 'shop.yml', group: 'shop', phaseMs: 0 }]);
    expect(facts.pauses).toEqual([]);
  });

  test('takes its promises from the file beside it', async () => {
    await using own = await temporaryFolder();
    await writeRecording(own.path, recording);
    const beside = join(own.path, 'shop-errors.yaml');
    await writeFile(beside, 'expect: [{ alert: ShopDown, within: 2m }]\nmay: [ShopErrors]\n');
    const { facts } = await readRecording(own.path, 'shop-errors');
    expect([facts.must, facts.may]).toEqual([
      [{ alert: 'ShopDown', withinMs: 120_000, inbox: 'delivered' }],
      ['ShopErrors'],
    ]);
    await writeFile(beside, 'expect: [{ alert: ShopDown, within: soon }]\n');
    await expect(readRecording(own.path, 'shop-errors')).rejects.toThrow(/expected a duration such as/);
    await writeFile(beside, 'expect: [');
    await expect(readRecording(own.path, 'shop-errors')).rejects.toThrow(CannotRun);
  });

  test('that is cut off is refused by name', async () => {
    await using own = await temporaryFolder();
    await mkdir(own.path, { recursive: true });
    await writeFile(join(own.path, 'broken.tar.zst'), 'no archive');
    await expect(readRecording(own.path, 'broken')).rejects.toThrow(/broken\.tar\.zst .*record it again/);
  });
});

describe('a rehearsal', () => {
  test('of unedited rules does what the live run did, at the same evaluation', async () => {
    const { judged, lines } = await play();
    expect(lines).toEqual([]);
    expect(judged.broken).toEqual([]);
    expect(judged.alerts).toMatchObject([
      { alert: 'ShopErrors', before: { afterSeconds: 10 }, after: { afterSeconds: 10 }, expected: 'fire' },
    ]);
  });

  test('says that an alert never fires any more, and that nobody would be told', async () => {
    const { lines, judged } = await play((rules) => rules.replace('> 0.5', '> 2'));
    expect(lines).toEqual([
      'ShopErrors in shop-errors: fired after 10.0 s, now never · promise broken',
      'message to team in shop-errors: ShopErrors firing: no longer sent',
      'message to team in shop-errors: ShopErrors resolved: no longer sent',
    ]);
    expect(judged.broken).toEqual(['ShopErrors never fires', 'ShopErrors would not be told to anybody']);
  });

  test('says that an alert fires later, within its promise and beyond it', async () => {
    const later = await play((rules) => rules.replace('for: 5s', 'for: 8s'));
    expect(later.lines).toEqual([
      'ShopErrors in shop-errors: fired after 10.0 s, now after 13.0 s · promise kept',
    ]);
    const late = await play((rules) => rules.replace('for: 5s', 'for: 20s'));
    expect(late.lines[0]).toBe(
      'ShopErrors in shop-errors: fired after 10.0 s, now after 25.0 s · promise broken',
    );
  });

  test('computes edited recorded series anew, and hides the recorded ones', async () => {
    const { lines } = await play((rules) => rules.replaceAll('[10s]', '[20s]'));
    // Prometheus 3 leaves the oldest sample of a window out, which makes a second.
    expect(lines).toEqual([
      expect.stringMatching(
        /^ShopErrors in shop-errors: fired after 10\.0 s, now after 1[56]\.0 s · promise broken$/,
      ),
    ]);
    const gone = await play((rules) => rules.replace('sum(rate(shop_errors', 'sum(rate(shop_failures'));
    expect(gone.lines[0]).toBe('ShopErrors in shop-errors: fired after 10.0 s, now never · promise broken');
  });

  test('finds false alarms of a new alert, and whom they tell', async () => {
    const nervous =
      '      - { alert: Nervous, expr: "up{job=\\"shop\\"} == 1", labels: { severity: info } }\n';
    const { lines, judged } = await play((rules) => rules + nervous);
    expect(judged.broken).toEqual(['Nervous is a false alarm']);
    expect(lines).toEqual([
      'Nervous in shop-errors: was silent, now fires 30.0 s before the method · promise broken: a false alarm',
      'Nervous in shop-errors: fires first now, before it was ShopErrors',
      'message to team in shop-errors: Nervous firing: sent now',
    ]);
    const later = await play(
      (rules) => `${rules}      - { alert: Nervous, expr: "shop:errors:ratio > 0.9" }\n`,
    );
    expect(later.judged.broken).toEqual(['Nervous is a false alarm']);
    expect(later.lines[0]).toBe(
      'Nervous in shop-errors: was silent, now fires after 9.0 s · promise broken: a false alarm',
    );
  });

  test('holds messages back as the routing says', async () => {
    const hidden = ALERTMANAGER.replace('alertname="ShopDown"', 'alertname="ShopErrors"').replace(
      'target_matchers: [\'alertname="ShopErrors"\']',
      'target_matchers: [\'severity="critical"\']',
    );
    const louder = (rules: string) =>
      rules.replace('up{job="shop"} == 0', 'up{job="shop"} == 1 and on () (shop:errors:ratio > 0.9)');
    const before = await play(louder);
    expect(before.lines).toContain('message to team in shop-errors: ShopDown firing: sent now');
    const after = await play(louder, { alertmanager: hidden });
    expect(after.lines.filter((line) => line.includes('ShopDown firing'))).toEqual([]);
  });

  test('fills in the labels and texts of what fires, by Prometheus itself', async () => {
    const { evaluated, annotations } = await play((rules) =>
      rules.replace('of requests fail', 'of all fail'),
    );
    const [episode] = evaluated.episodes;
    expect(episode?.labels).toEqual({ severity: 'critical', service: 'shop' });
    expect([...annotations.values()]).toEqual([{ summary: '100% of all fail' }]);
  });

  test('names a selector of an edited rule that no recording has a sample of', async () => {
    const { rehearsal } = await play((rules) => rules.replace('up{job="shop"}', 'up{job="shopp"}'));
    expect(unreadLines(rehearsal)).toEqual([
      'ShopDown reads {__name__="up",job="shopp"}, of which no recording holds a sample',
    ]);
  });

  test('names new alerts that no recording can judge in one line, and a slip in one that it can', async () => {
    const added = (expr: string) => `${RULES}      - { alert: Added, expr: '${expr}' }\n`;
    const unjudged = await play(() => added('kube_pod_ready == 0 unless kube_node_ready'));
    expect(unreadLines(unjudged.rehearsal)).toEqual([
      'new, and not judged, for no recording holds what they read: Added',
    ]);
    const slip = await play(() => added('up == 0 unless upp'));
    expect(unreadLines(slip.rehearsal)).toEqual([
      'Added reads {__name__="upp"}, of which no recording holds a sample',
    ]);
  });

  test('plays an alert that fires where no series is', async () => {
    const { lines } = await play((rules) => `${rules}      - { alert: Gone, expr: absent(nothing) }\n`);
    expect(lines).toContain(
      'Gone in shop-errors: was silent, now fires 30.0 s before the method · promise broken: a false alarm',
    );
  });

  test('says which text of an alert cannot be filled in', async () => {
    const { rehearsal } = await play((rules) =>
      rules.replace('$value | humanizePercentage', '$labels | humanize'),
    );
    expect(brokenTextLines(rehearsal)).toEqual([
      expect.stringMatching(/^ShopErrors: its summary cannot be filled in: <error expanding template/),
    ]);
  });

  test('says which rule Prometheus refuses to evaluate, and goes on', async () => {
    const { lines } = await play((rules) =>
      rules.replace('up{job="shop"} == 0', 'up * on () {__name__=~"up|shop.*"}'),
    );
    expect(lines.filter((line) => line.includes('refuses'))).toEqual([
      expect.stringMatching(/^ShopDown in shop-errors: Prometheus refuses to evaluate it: /),
    ]);
  });

  test('plays one alert only, where it is asked to', async () => {
    const { judged } = await play((rules) => rules.replace('> 0.5', '> 2'), { rule: 'ShopDown' });
    expect(judged.alerts).toEqual([]);
    await expect(play(undefined, { rule: 'Nobody' })).rejects.toThrow(/RULE=Nobody: there is no alert/);
  });

  test('refuses rules that Prometheus would not load', async () => {
    await expect(play((rules) => rules.replace('for: 5s', 'for: soon'))).rejects.toThrow(CannotRun);
    await expect(play((rules) => rules.replace('> 0.5', '> > 0.5'))).rejects.toThrow(CannotRun);
  });

  test('makes a page with both curves and every text escaped', async () => {
    const { rehearsal } = await play((rules) => rules.replace('> 0.5', '> 0.7'));
    const page = rehearsalPage(rehearsal, BEGIN);
    expect(page).toContain('ShopErrors, before');
    expect(page).toContain('ShopErrors, after');
    expect(page).toContain('fires if &gt; 70%');
    expect(page).not.toContain('<script');
  });
});
