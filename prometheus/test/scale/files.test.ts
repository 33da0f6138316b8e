import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scaleAlertmanager, scalePrometheus, scaleRules } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { files, ROOT, read } from '../../src/repository.ts';
import { findTool } from '../../src/tools/find-tool.ts';
import { run } from '../support/run.ts';

const RULES = `# why
groups:
  - name: a
    interval: 1m
    rules:
      # Reason.
      - alert: A
        expr: |
          x > 300 # scale: duration
        for: 2m
        keep_firing_for: 10m
        labels: { window: 5m }
        annotations: { description: over 5m }
      - record: b
        expr: rate(x[1m])
`;

describe('scaling a rules file', () => {
  test('divides for, keep_firing_for, group interval and expressions, and keeps comments, labels and texts', () => {
    const scaled = scaleRules(RULES, 10);
    expect(parse(scaled)).toEqual({
      groups: [
        {
          name: 'a',
          interval: '6s',
          rules: [
            {
              alert: 'A',
              expr: 'x > 30 # scale: duration\n',
              for: '12s',
              keep_firing_for: '1m',
              labels: { window: '5m' },
              annotations: { description: 'over 5m', time_scale: '10' },
            },
            { record: 'b', expr: 'rate(x[6s])' },
          ],
        },
      ],
    });
    expect(scaled).toContain('# Reason.');
  });

  test('at 1 changes nothing, not even the layout', () => {
    expect(scaleRules(RULES, 1)).toBe(RULES);
  });

  test('refuses a factor at which a range would hold fewer than four scrapes, naming the rule', () => {
    expect(() => scaleRules(RULES, 20)).toThrow(/b at time scale 20: range 3s holds fewer than 4 scrapes/);
  });

  test('refuses a mark that YAML swallows as its own comment', () => {
    const swallowed = RULES.replace('|\n          x > 300', 'x > 300');
    expect(() => scaleRules(swallowed, 10)).toThrow(/A: YAML takes "# scale: duration" for its own comment/);
  });

  test.each([0, 0.5, -1, Number.NaN])('refuses the factor %d', (factor) => {
    expect(() => scaleRules(RULES, factor)).toThrow(RangeError);
  });

  test('refuses what is no YAML or no rules file', () => {
    expect(() => scaleRules('a: [', 10)).toThrow();
    expect(() => scaleRules('- a', 10)).toThrow(/expected a rules file/);
  });
});

describe('scaling alertmanager.yml', () => {
  test('divides the waits of every route and leaves times of day and receivers', () => {
    const scaled = scaleAlertmanager(
      `global: { resolve_timeout: 5m, smtp_from: 5m }
route:
  receiver: a
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - { receiver: a, group_interval: 1m, repeat_interval: 55s, routes: [{ receiver: a, group_wait: 0s }] }
time_intervals:
  - { name: n, time_intervals: [{ times: [{ start_time: '09:00', end_time: '10:00' }] }] }
receivers: [{ name: a, webhook_configs: [{ url: 'http://x/5m' }] }]
`,
      10,
    );
    expect(parse(scaled)).toEqual({
      global: { resolve_timeout: '30s', smtp_from: '5m' },
      route: {
        receiver: 'a',
        group_wait: '3s',
        group_interval: '30s',
        repeat_interval: '24m',
        routes: [
          {
            receiver: 'a',
            group_interval: '6s',
            repeat_interval: '5s500ms',
            routes: [{ receiver: 'a', group_wait: '0s' }],
          },
        ],
      },
      time_intervals: [
        { name: 'n', time_intervals: [{ times: [{ start_time: '09:00', end_time: '10:00' }] }] },
      ],
      receivers: [{ name: 'a', webhook_configs: [{ url: 'http://x/5m' }] }],
    });
  });
});

describe('scaling prometheus.yml', () => {
  test('divides intervals down to a second, and a timeout with its interval', () => {
    const scaled = scalePrometheus(
      `global: { scrape_interval: 5s, scrape_timeout: 4s, evaluation_interval: 5s }
scrape_configs:
  - { job_name: slow, scrape_interval: 1m, scrape_timeout: 30s }
  - { job_name: usual, file_sd_configs: [{ files: [a.yml], refresh_interval: 5m }] }
`,
      10,
    );
    expect(parse(scaled)).toEqual({
      global: { scrape_interval: '1s', scrape_timeout: '800ms', evaluation_interval: '1s' },
      scrape_configs: [
        { job_name: 'slow', scrape_interval: '6s', scrape_timeout: '3s' },
        { job_name: 'usual', file_sd_configs: [{ files: ['a.yml'], refresh_interval: '5m' }] },
      ],
    });
  });
});

test('an interval that several jobs share by an alias is divided in each, once', () => {
  const scaled = parse(
    scalePrometheus(
      'global: { scrape_interval: &often 1m }\nscrape_configs: [{ job_name: a, scrape_interval: *often }]',
      10,
    ),
  );
  expect(scaled).toEqual({
    global: { scrape_interval: '6s' },
    scrape_configs: [{ job_name: 'a', scrape_interval: '6s' }],
  });
});

describe('the repository at time scale 10', () => {
  test('Prometheus accepts the scaled configuration and rules, Alertmanager the scaled routes', async () => {
    await using folder = await temporaryFolder();
    mkdirSync(join(folder.path, 'rules'));
    for (const path of files('prometheus/rules/*.yml')) {
      writeFileSync(join(folder.path, 'rules', basename(path)), scaleRules(read(path), 10));
    }
    writeFileSync(
      join(folder.path, 'prometheus.yml'),
      scalePrometheus(read('prometheus/prometheus.yml'), 10),
    );
    writeFileSync(
      join(folder.path, 'alertmanager.yml'),
      scaleAlertmanager(read('alertmanager/alertmanager.yml'), 10),
    );
    cpSync(join(ROOT, 'alertmanager/templates'), join(folder.path, 'templates'), { recursive: true });

    const prometheus = await run(findTool('promtool'), [
      'check',
      'config',
      join(folder.path, 'prometheus.yml'),
    ]);
    const alertmanager = await run(findTool('amtool'), [
      'check-config',
      join(folder.path, 'alertmanager.yml'),
    ]);

    expect(prometheus.code, prometheus.output).toBe(0);
    expect(alertmanager.code, alertmanager.output).toBe(0);
  });
});
