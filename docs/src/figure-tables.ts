/**
 * The measured numbers in README and docs: tables made from `docs/figures/*.json`, which the measuring commands write. A
 * table stands between `<!-- figures NAME -->` and `<!-- /figures -->`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One measured file; see DESIGN section 7. */
export interface FiguresFile {
  date: string;
  machine: string;
  commit: string;
  command: string;
  figures: Record<string, number | string>;
}

const experimentsOfFullMode = [
  ['experiments / kept', '{experiments} / {experiments_kept}'],
  ['promises / kept', '{promises} / {promises_kept}'],
  ['alerts made to fire / false alarms', '{alerts_fired} / {false_alarms}'],
] as const;

/** What a table shows, row by row: a text, and the figure with its unit in braces as the numbers are named in the file. */
export const TABLES: Record<string, readonly (readonly [text: string, value: string])[]> = {
  bench: [
    ['CPU per request of the bare API', '{cpu_bare_us} µs'],
    ['added by metrics', '{cpu_added_us_metrics} µs'],
    ['added by metrics and logs', '{cpu_added_us_logs} µs'],
    ['added by metrics, logs and traces of 10 %', '{cpu_added_us_traces10} µs'],
    ['added by metrics, logs and traces of 100 %', '{cpu_added_us_traces100} µs'],
    [
      'added by the official instrumentations, tuned, 100 %, with our metrics and logs',
      '{cpu_added_us_official} µs',
    ],
    ['added as the exercise writes it', '{cpu_added_us_textbook} µs'],
    [
      'throughput at saturation against bare, traces of 10 % / 100 %',
      '{throughput_traces10_vs_bare} / {throughput_traces100_vs_bare}',
    ],
    [
      'the same, official / as the exercise writes it',
      '{throughput_official_vs_bare} / {throughput_textbook_vs_bare}',
    ],
    ['p99 at the fixed rate against bare, traces of 10 %', '{p99_traces10_vs_bare}'],
    ['memory added, traces of 10 %', '{memory_added_mb} MB'],
  ],
  house: [
    ['minutes of `make test` on this machine', '{test_minutes}'],
    ['places to touch to add a service', '{files_to_add_a_service}'],
    ['lines of product TypeScript and CSS', '{product_lines}'],
    ['files that name a mode, outside drivers, settings and tests', '{files_naming_mode}'],
    ['files that name Jaeger, outside its folder, adapter, rules and documents', '{files_naming_jaeger}'],
    ["imports past a package's public face", '{deep_imports}'],
  ],
  lite: [
    ['`make up` from a warm checkout', '{up_seconds_warm} s'],
    ['`make up` on a fresh clone, tools fetched', '{up_seconds_fresh} s'],
    ['memory (PSS) of the whole lab, idle / under load', '{idle_pss_mb} / {load_pss_mb} MB'],
    ['log lines / spans stored per second, one core', '{ingest_logs_per_second} / {ingest_spans_per_second}'],
    [
      'search / histogram over 1,000,000 log lines, median',
      '{search_ms_p50_at_1m} / {histogram_ms_p50_at_1m} ms',
    ],
    ['a part killed (-9) under load is back after, at most', '{repair_seconds_max} s'],
    ['log lines lost thereby', '{lines_lost}'],
  ],
  alerts: [
    ['alerts / with the three tests / runbooks', '{alerts} / {alerts_with_three_tests} / {runbooks}'],
    ['false alarms in 10 calm minutes under load', '{false_alarms_calm_10min}'],
    ['learned bands, back-tested: precision / recall', '{anomaly_precision} / {anomaly_recall}'],
  ],
  load: [
    [
      'highest rate at which all objectives hold, load generator on the same machine',
      '{breakpoint_rps} requests/s',
    ],
    ['off the asked rate: k6 / without k6', '{rate_error_percent_k6} % / {rate_error_percent_autocannon} %'],
  ],
  screenshots: [
    ['pictures / of which proven', '{pictures} / {proven}'],
    ['mode', '{mode}'],
    ['time', '{seconds} s'],
  ],
  chaos: [
    [
      'experiments / alerts made to fire, of those that this mode can have',
      '{experiments} / {alerts_covered} of {alerts_of_this_mode}',
    ],
    ['promises kept', '{promises_kept} of {promises}'],
    ['false alarms', '{false_alarms}'],
    [
      'time to fire beyond the minimum (one whole scrape and evaluation counted), median',
      '{median_seconds_over_minimum} s',
    ],
    ['all experiments / the core suite', '{minutes_all} / {minutes_core} min'],
    ['runs of the core suite in a row with the same verdicts', '{runs_same_verdict}'],
  ],
  rehearsal: [
    ['recordings / together', '{recordings} / {megabytes} MB'],
    ['every alert against every recording / one edited rule', '{seconds_all} / {seconds_one} s'],
    ['times faster than every experiment live', '{ratio_to_live}'],
    ['memory, Prometheus included', '{memory_mb} MB'],
    ['alerts of recordings with the outcome of the live run', '{alerts_same_verdict} of {alerts_compared}'],
    ['faults put into rules / of which a broken promise tells', '{mutants} / {mutants_seen}'],
  ],
  sizing: [
    ['log lines a request', '{request_log_lines}'],
    ['bytes a log line', '{log_line_bytes}'],
    ['spans a request, every request traced', '{request_spans}'],
    ['bytes of the console’s store a request (lines and spans, indexed)', '{request_store_bytes}'],
    ['bytes of the database a request (tasks, jobs, notifications, sessions)', '{request_database_bytes}'],
    ['series, idle / under load', '{idle_series} / {load_series}'],
    ['samples a second, each series every 5 s', '{samples_per_second}'],
    [
      'processor of a request: web / api / worker',
      '{request_cpu_us_web} / {request_cpu_us_api} / {request_cpu_us_worker} µs',
    ],
    ['processor of a request: console, which stores its lines and spans', '{request_cpu_us_console} µs'],
    [
      'one core, idle: web / api / worker / console',
      '{idle_cpu_percent_web} / {idle_cpu_percent_api} / {idle_cpu_percent_worker} / {idle_cpu_percent_console} %',
    ],
    [
      'one core, idle: Prometheus / Alertmanager / postgres-exporter / blackbox-exporter',
      '{idle_cpu_percent_prometheus} / {idle_cpu_percent_alertmanager} / {idle_cpu_percent_postgres_exporter} / {idle_cpu_percent_blackbox_exporter} %',
    ],
    ['memory, idle / under load: web', '{idle_memory_mb_web} / {load_memory_mb_web} MB'],
    ['api', '{idle_memory_mb_api} / {load_memory_mb_api} MB'],
    ['worker', '{idle_memory_mb_worker} / {load_memory_mb_worker} MB'],
    ['console, with the store of logs and traces', '{idle_memory_mb_console} / {load_memory_mb_console} MB'],
    ['Postgres', '{idle_memory_mb_postgres} / {load_memory_mb_postgres} MB'],
    ['Prometheus', '{idle_memory_mb_prometheus} / {load_memory_mb_prometheus} MB'],
    ['Alertmanager', '{idle_memory_mb_alertmanager} / {load_memory_mb_alertmanager} MB'],
    [
      'postgres-exporter and blackbox-exporter',
      '{load_memory_mb_postgres_exporter} + {load_memory_mb_blackbox_exporter} MB',
    ],
  ],
  growth: [
    [
      'log lines a day, as written',
      '{log_gb_per_day_at_50} / {log_gb_per_day_at_500} / {log_gb_per_day_at_50000} GB',
    ],
    [
      'spans a second, every request traced',
      '{spans_per_second_at_50} / {spans_per_second_at_500} / {spans_per_second_at_50000}',
    ],
    [
      'lines and spans a day, stored and indexed',
      '{store_gb_per_day_at_50} / {store_gb_per_day_at_500} / {store_gb_per_day_at_50000} GB',
    ],
    [
      'cores of web, api and worker',
      '{cores_services_at_50} / {cores_services_at_500} / {cores_services_at_50000}',
    ],
    [
      'cores to store their lines and spans',
      '{cores_console_at_50} / {cores_console_at_500} / {cores_console_at_50000}',
    ],
  ],
  'kubernetes-scale': [
    ['pods', '10 / 100 / 1,000'],
    ['series in memory', '{series_10} / {series_100} / {series_1000}'],
    ['samples a second', '{samples_per_second_10} / {samples_per_second_100} / {samples_per_second_1000}'],
    [
      'the last pod has its address → all are scraped',
      '{discovery_seconds_10} / {discovery_seconds_100} / {discovery_seconds_1000} s',
    ],
    ['one scrape, median', '{scrape_ms_p50_10} / {scrape_ms_p50_100} / {scrape_ms_p50_1000} ms'],
    ['one scrape, 99th percentile', '{scrape_ms_p99_10} / {scrape_ms_p99_100} / {scrape_ms_p99_1000} ms'],
    ['every rule once', '{rules_ms_10} / {rules_ms_100} / {rules_ms_1000} ms'],
    [
      'least and most of the runs',
      '{rules_ms_10_min}–{rules_ms_10_max} / {rules_ms_100_min}–{rules_ms_100_max} / {rules_ms_1000_min}–{rules_ms_1000_max} ms',
    ],
    ['evaluations missed', '{rules_missed_10} / {rules_missed_100} / {rules_missed_1000}'],
    ['pods that did not answer in time', '{pods_down_10} / {pods_down_100} / {pods_down_1000}'],
    ['processors used by Prometheus', '{cores_10} / {cores_100} / {cores_1000}'],
    ['memory of Prometheus', '{memory_mb_10} / {memory_mb_100} / {memory_mb_1000} MB'],
    [
      'least and most of the runs',
      '{memory_mb_10_min}–{memory_mb_10_max} / {memory_mb_100_min}–{memory_mb_100_max} / {memory_mb_1000_min}–{memory_mb_1000_max} MB',
    ],
    ['series of one more pod', '{series_per_pod}'],
    ['runs', '{runs}'],
  ],
  'kubernetes-growth': [
    ['pods', '10 / 100 / 1,000'],
    [
      'requests a second',
      '{requests_per_second_10} / {requests_per_second_100} / {requests_per_second_1000}',
    ],
    ['series', '{series_10} / {series_100} / {series_1000}'],
    ['samples a second', '{samples_per_second_10} / {samples_per_second_100} / {samples_per_second_1000}'],
    [
      'log lines an hour, million',
      '{million_lines_an_hour_10} / {million_lines_an_hour_100} / {million_lines_an_hour_1000}',
    ],
    [
      'log lines an hour, as written',
      '{line_gb_an_hour_10} / {line_gb_an_hour_100} / {line_gb_an_hour_1000} GB',
    ],
    [
      'spans an hour, million, every request traced',
      '{million_spans_an_hour_10} / {million_spans_an_hour_100} / {million_spans_an_hour_1000}',
    ],
  ],
  full: [
    ['services, of which run by this test', '{services} / {services_run}'],
    ['up, until every part is ready; images are there', '{up_seconds} s'],
    ['memory limits, all / without Kibana', '{limit_mb_total} / {limit_mb_without_kibana} MB'],
    ['images pinned', '{images_pinned} of {images_total}'],
  ],
  kubernetes: [
    ['objects that a real API server took, of both overlays', '{manifests_validated}'],
    ['pods, of which none was started again', '{pods}'],
    ['cluster up, its programs cached / the lab in it', '{cluster_seconds_cached} / {up_seconds} s'],
    ["memory of the cluster's own programs", '{memory_mb_cluster} MB'],
    ['experiments / kept', '{experiments} / {experiments_kept}'],
    [
      'failed requests in a rolling update / while every pod is evicted',
      '{failed_requests_rolling_update} / {failed_requests_drain}',
    ],
    ['log lines written / found / doubled', '{log_lines_written} / {log_lines_found} / {log_lines_doubled}'],
  ],
  verification: [
    ['containers run, one of them to its end', '{containers_run}'],
    ['log lines written / found / doubled', '{log_lines_written} / {log_lines_found} / {log_lines_doubled}'],
    ['writes acknowledged / found', '{writes_acknowledged} / {writes_found}'],
    [
      'jobs enqueued / done once / more than once',
      '{jobs_enqueued} / {jobs_done_once} / {jobs_done_more_than_once}',
    ],
    [
      'secrets looked for / found in images, logs, traces',
      '{secrets_searched} / {secrets_in_images}, {secrets_in_logs}, {secrets_in_traces}',
    ],
    [
      'routes asked without a session / refused',
      '{routes_tried_unauthorised} / {routes_refused_unauthorised}',
    ],
    ['ports published / beyond 127.0.0.1', '{listeners_published} / {listeners_beyond_loopback}'],
    [
      'containers without root, without capabilities, unprivileged',
      '{containers_without_root_and_capabilities}',
    ],
    ["services of one's own added, watched and stopped", '{services_of_ones_own}'],
    ['containers killed for memory', '{oom_kills}'],
    [
      'most memory seen: web / api / worker / console',
      '{memory_peak_mb_web} / {memory_peak_mb_api} / {memory_peak_mb_worker} / {memory_peak_mb_console} MB',
    ],
    [
      'Postgres / Prometheus / Elasticsearch / Jaeger',
      '{memory_peak_mb_postgres} / {memory_peak_mb_prometheus} / {memory_peak_mb_elasticsearch} / {memory_peak_mb_jaeger} MB',
    ],
  ],
  soak: [
    ['minutes / requests a second', '{soak_minutes} / {soak_rate}'],
    ['requests / without a good answer', '{soak_requests} / {soak_requests_failed}'],
    ['95th percentile', '{soak_p95_ms} ms'],
    ['writes acknowledged / lost', '{soak_writes_acknowledged} / {soak_writes_lost}'],
    ['processes killed for memory', '{soak_oom_kills}'],
    ['the fullest container, of its limit', '{soak_memory_percent_max} %'],
    ['peak / limit: web', '{peak_mb_web} / {limit_mb_web} MB'],
    ['peak / limit: api', '{peak_mb_api} / {limit_mb_api} MB'],
    ['peak / limit: worker', '{peak_mb_worker} / {limit_mb_worker} MB'],
    ['peak / limit: console', '{peak_mb_console} / {limit_mb_console} MB'],
    ['peak / limit: postgres', '{peak_mb_postgres} / {limit_mb_postgres} MB'],
    ['peak / limit: prometheus', '{peak_mb_prometheus} / {limit_mb_prometheus} MB'],
    ['peak / limit: elasticsearch', '{peak_mb_elasticsearch} / {limit_mb_elasticsearch} MB'],
    ['peak / limit: jaeger', '{peak_mb_jaeger} / {limit_mb_jaeger} MB'],
  ],
  chaos_full_core: experimentsOfFullMode,
  chaos_full_all: experimentsOfFullMode,
};

/** The Markdown of one table. @throws Error naming the file and the figure that is missing. */
export function figureTable(name: string, file: FiguresFile): string {
  const rows = TABLES[name];
  if (!rows)
    throw new Error(`no table ${JSON.stringify(name)}: expected one of ${Object.keys(TABLES).join(', ')}`);
  const filled = rows.map(([text, value]) => {
    const shown = value.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
      const figure = file.figures[key];
      if (figure === undefined)
        throw new Error(`docs/figures/${name}.json has no figure ${key}: run ${file.command}`);
      return typeof figure === 'number' ? figure.toLocaleString('en-US') : figure;
    });
    return `| ${text} | ${shown} |`;
  });
  return [
    '| | |',
    '| --- | --- |',
    ...filled,
    '',
    `Measured ${file.date} by \`${file.command}\` at ${file.commit} on ${file.machine}.`,
  ].join('\n');
}

/** A document with every table between its marks made anew. */
export function withFigures(text: string, readFigures: (name: string) => FiguresFile = fromDocs): string {
  return text.replaceAll(
    /<!-- figures ([\w-]+) -->[\s\S]*?<!-- \/figures -->/g,
    (_, name: string) =>
      `<!-- figures ${name} -->\n\n${figureTable(name, readFigures(name))}\n\n<!-- /figures -->`,
  );
}

function fromDocs(name: string): FiguresFile {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'figures', `${name}.json`), 'utf8'));
}
