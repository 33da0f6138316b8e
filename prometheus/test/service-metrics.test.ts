import {
  type CounterDefinition,
  createTelemetry,
  type GaugeDefinition,
  type HistogramDefinition,
  METRICS,
} from '@lab/telemetry';
import { METRICS as OF_CONSOLE } from 'lab-console/metrics';
import { METRICS as OF_API } from 'taskmanager-api/metrics';
import { METRICS as OF_WEB } from 'taskmanager-web/metrics';
import { METRICS as OF_WORKER } from 'taskmanager-worker/metrics';
import { describe, expect, it } from 'vitest';
import { SERVICE_METRICS } from '../src/service-metrics.ts';

const all = [...SERVICE_METRICS];

describe('every metric', () => {
  it('has one definition, in one service or in the library', () => {
    const defined = [METRICS, OF_API, OF_WORKER, OF_WEB, OF_CONSOLE].flatMap((each) => Object.keys(each));
    expect(defined.filter((name, index) => defined.indexOf(name) !== index)).toEqual([]);
    expect(SERVICE_METRICS.size).toBe(defined.length);
  });

  it.each(all)('%s is defined under its own name, by the conventions', (key, definition) => {
    expect(definition.name).toBe(key);
    expect(definition.help).toMatch(/\.$/);
    expect(new Set(definition.labels).size).toBe(definition.labels.length);
    expect(definition.name.endsWith('_total')).toBe(definition.type === 'counter');
    if (definition.type !== 'histogram') return;
    expect(definition.name).toMatch(/_seconds$|_cls$/);
    const { buckets = [] } = definition;
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
  });

  it('can be registered, and starts without a sample of an unlabelled counter missing', async () => {
    const service = { name: 'test', version: '0', instanceId: 'test', environment: 'test' };
    const telemetry = createTelemetry({ service, log: { stdout: false } });
    try {
      for (const [, definition] of all) {
        if (definition.type === 'counter') telemetry.counter(definition as CounterDefinition);
        else if (definition.type === 'gauge') telemetry.gauge(definition as GaugeDefinition);
        else telemetry.histogram(definition as HistogramDefinition);
      }
      const exposition = await telemetry.registry.metrics();
      expect(exposition).toMatch(/^deadmansswitch_silences_total 0$/m);
    } finally {
      await telemetry.shutdown();
    }
  });

  it('of a browser has bucket edges exactly on the thresholds of web-vitals', () => {
    expect(OF_WEB.web_vitals_lcp_seconds.buckets).toEqual(expect.arrayContaining([2.5, 4]));
    expect(OF_WEB.web_vitals_inp_seconds.buckets).toEqual(expect.arrayContaining([0.2, 0.5]));
    expect(OF_WEB.web_vitals_cls.buckets).toEqual(expect.arrayContaining([0.1, 0.25]));
  });
});
