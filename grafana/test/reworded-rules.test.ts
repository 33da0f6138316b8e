/** Dashboards follow from what the rules say in PromQL: their texts are for people. */
import { rewordedRules } from '@lab/testing';
import { expect, test, vi } from 'vitest';

test('rewording every description and summary changes no dashboard', async () => {
  const prometheus = await vi.importActual<typeof import('@lab/prometheus')>('@lab/prometheus');
  const made = async () => {
    vi.resetModules();
    const { DASHBOARDS } = await import('../src/dashboards.ts');
    return DASHBOARDS.map((dashboard) => dashboard.json());
  };
  const before = await made();
  const reworded = rewordedRules(prometheus.readRules());
  const readRules = vi.fn(() => reworded);
  vi.doMock('@lab/prometheus', () => ({ ...prometheus, readRules }));
  try {
    expect(await made()).toEqual(before);
  } finally {
    vi.doUnmock('@lab/prometheus');
  }
  expect(readRules).toHaveBeenCalled();
});

test('a threshold that changes in a rule changes the dashboards that draw it', async () => {
  const prometheus = await vi.importActual<typeof import('@lab/prometheus')>('@lab/prometheus');
  const changed = new Map(
    [...prometheus.readRules()].map(([name, text]) => [name, text.replace(/> 0\.05\n/, '> 0.07\n')]),
  );
  vi.resetModules();
  vi.doMock('@lab/prometheus', () => ({ ...prometheus, readRules: () => changed }));
  try {
    const { alertThreshold } = await import('../src/build/thresholds.ts');
    expect(alertThreshold('HighErrorRate')).toBe(0.07);
  } finally {
    vi.doUnmock('@lab/prometheus');
  }
});
