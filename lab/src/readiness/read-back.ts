/**
 * What ready means: one request's metric, log line and trace have been read back from where a person would look for
 * them, the rules are loaded, every target is scraped, and alerts have somewhere to go.
 */
import { CannotRun, describeError } from '../cli/failure.ts';
import { formatDuration } from '../cli/output.ts';
import type { Stack } from '../stack/stack.ts';
import { until } from '../wait.ts';
import { sendProbeRequest } from './probe-request.ts';
import { loadedRules, query, reachedAlertmanagers, scrapedTargets } from './prometheus-client.ts';

export interface ReadBackOptions {
  sessionSecret: string;
  progress(line: string): void;
  signal: AbortSignal;
  deadlineMs?: number;
}

interface Check {
  what: string;
  /** Where to look when it does not come. */
  cure: string;
  /** Truthy, with what was found in words, once it holds; throwing says why it does not yet. */
  look(signal: AbortSignal): Promise<string>;
}

/** @throws CannotRun with a line for every check that did not hold in time. */
export async function readBack(stack: Stack, options: ReadBackOptions): Promise<void> {
  const { progress, signal, sessionSecret, deadlineMs = 30_000 } = options;
  const began = performance.now();
  const request = await until(
    'a request through web to be answered',
    (bounded) => sendProbeRequest(stack.addresses.web, sessionSecret, bounded),
    { deadlineMs, signal },
  ).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new CannotRun(`no request passes: ${describeError(cause)}; look at the logs of web and api`, {
      cause,
    });
  });
  const results = await Promise.allSettled(
    checks(stack, request).map(async ({ what, cure, look }) => {
      try {
        const found = await until(what, look, { deadlineMs, everyMs: 150, signal });
        progress(`${what}: ${found} (${formatDuration(performance.now() - began)})`);
      } catch (error) {
        signal.throwIfAborted();
        throw new Error(`${what}: ${describeError(error)}; ${cure}`, { cause: error });
      }
    }),
  );
  const failures = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => describeError(reason));
  signal.throwIfAborted();
  if (failures.length > 0) throw new CannotRun(failures.join('\n'));
}

function checks(stack: Stack, request: { requestId: string; sentAt: number }): Check[] {
  const { prometheus } = stack.addresses;
  const { requestId, sentAt } = request;
  return [
    {
      what: 'metric',
      cure: `see ${prometheus}/targets`,
      async look(signal) {
        const series = `http_requests_total{job="taskmanager-backend",method="GET",route="/api/v1/tasks",status_code="200"}`;
        const [last] = await query(prometheus, `max(timestamp(${series}))`, signal);
        if (!last || last.value < sentAt) throw new Error('Prometheus has not scraped it yet');
        return 'the request is counted in Prometheus';
      },
    },
    {
      what: 'targets',
      cure: `see ${prometheus}/targets`,
      async look(signal) {
        const { total, failing } = await scrapedTargets(prometheus, signal);
        if (total === 0) throw new Error('Prometheus has not found any yet');
        if (failing.length > 0) throw new Error(`not answering: ${failing.join(', ')}`);
        // Prometheus spreads its first looks over an interval; that the metric arrived shows that it looks.
        return `${total} found, none refuses`;
      },
    },
    {
      what: 'log line',
      cure: 'see .lab/logs/app and the log of console',
      async look(signal) {
        const services = new Set(
          (await stack.signals.logs.ofRequest(requestId, signal)).map(({ service }) => service),
        );
        return expectServices(services, 'lines');
      },
    },
    {
      what: 'trace',
      cure: 'see the logs of web, api and console',
      async look(signal) {
        const traces = await stack.signals.traces.ofRequest(requestId, signal);
        const found = expectServices(new Set(traces.flatMap(({ services }) => services)), 'spans');
        return `${found}, ${traces[0]?.spans} spans`;
      },
    },
    {
      what: 'rules',
      cure: `see ${prometheus}/rules`,
      async look(signal) {
        const { groups, rules, failing } = await loadedRules(prometheus, signal);
        if (rules === 0) throw new Error('none is loaded');
        if (failing.length > 0) throw new Error(failing.join('; '));
        return `${rules} in ${groups} groups`;
      },
    },
    {
      what: 'alerts',
      cure: `see ${prometheus}/status`,
      async look(signal) {
        const [reached] = await reachedAlertmanagers(prometheus, signal);
        if (reached === undefined) throw new Error('Prometheus knows no Alertmanager');
        const response = await fetch(`${stack.addresses.alertmanager}/-/ready`, { signal });
        if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`);
        return 'Prometheus reaches Alertmanager';
      },
    },
  ];
}

/** The request passed web and api: either alone would be half a picture. */
function expectServices(found: ReadonlySet<string>, what: string): string {
  const missing = ['taskmanager-web', 'taskmanager-api'].filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`no ${what} of ${missing.join(' and ')} yet`);
  return `of ${[...found].sort().join(', ')}`;
}
