/**
 * Where an alert's links lead: the console, which shows runbooks itself and dashboards itself in lite, and redirects to Grafana in full.
 * Its address is an external label of Prometheus, set in `prometheus/prometheus.yml` and nowhere else. `lab` writes the port of its
 * console there.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { read } from './repository.ts';

const configuration = z.looseObject({
  global: z.looseObject({ external_labels: z.looseObject({ console: z.url() }) }),
});

/** The console's address as the checkout has it. */
export const CONSOLE_URL = configuration.parse(parse(read('prometheus/prometheus.yml'))).global
  .external_labels.console;

/** How rules write the console's address: Prometheus fills it in, promtool leaves it out. */
export const CONSOLE_TEMPLATE = '{{ $externalLabels.console }}';

export function runbookPath(alert: string): string {
  return `/runbooks/${alert}`;
}

export function dashboardPath(uid: string): string {
  return `/dashboards/${uid}`;
}

/** Where an alert's runbook is. */
export function runbookUrl(alert: string): string {
  return CONSOLE_URL + runbookPath(alert);
}

export function dashboardUrl(uid: string): string {
  return CONSOLE_URL + dashboardPath(uid);
}

/** A link of a rule as Prometheus sends it: with the console's address in the place of its template. */
export function filledLink(written: string): string {
  return written.replaceAll(/\{\{-?\s*\$externalLabels\.console\s*-?\}\}/g, CONSOLE_URL);
}
