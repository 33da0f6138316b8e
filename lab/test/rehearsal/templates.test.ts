import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { ensurePrometheusProgram } from '../../src/rehearsal/prometheus-program.ts';
import { ScratchPrometheus } from '../../src/rehearsal/scratch-prometheus.ts';
import { failedToExpand, Templates } from '../../src/rehearsal/templates.ts';
import { rawSeries, writeSeries } from '../../src/remote-storage/write-series.ts';
import { labPaths } from '../../src/settings/paths.ts';

const AT = Date.UTC(2026, 10, 29, 5);

describe('templates', () => {
  test('are filled in by Prometheus itself: labels, values, external labels, queries; and say where they fail', async () => {
    await using folder = await temporaryFolder();
    const program = await ensurePrometheusProgram(labPaths(), () => undefined);
    const signal = new AbortController().signal;
    await using prometheus = await ScratchPrometheus.start({ program, folder: folder.path, signal });
    await writeSeries(prometheus.url, [
      rawSeries({ __name__: 'upper', job: 'a' }, [[AT - 1000, 2.25]]),
      rawSeries({ __name__: 'upper', job: 'a' }, [[AT + 5000, 9]]),
    ]);
    const templates = new Templates(program, { console: 'http://console' });
    const [texts = []] = await templates.render(prometheus.url, [
      {
        texts: [
          'as it is, "quoted"',
          '{{ $labels.job | reReplaceAll "backend$" "api" }}',
          '{{ $value | humanizePercentage }} ü\n"quoted" {{ $externalLabels.console }}',
          '{{ with query "upper{job=\\"a\\"}" }}{{ . | first | value | printf "%.1f" }}{{ end }}',
          '{{ template "nope" }}',
        ],
        labels: { job: 'taskmanager-backend', odd: 'a"b\\c' },
        value: 0.25,
        at: AT,
      },
    ]);
    expect(texts.slice(0, 4)).toEqual([
      'as it is, "quoted"',
      'taskmanager-api',
      '25% ü\n"quoted" http://console',
      '2.2',
    ]);
    expect(texts.map(failedToExpand)).toEqual([false, false, false, false, true]);
  });
});
