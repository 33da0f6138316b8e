/** The trail that leads from what a person sees first to what was done: alerts in the order of their firing, messages, runbooks, logs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../cli/failure.ts';
import { query } from '../../readiness/prometheus-client.ts';
import type { Stack } from '../../stack/stack.ts';
import type { Experiment } from '../experiment/schema.ts';
import { inboxMessages } from '../world/console-view.ts';
import { queryRange } from '../world/prometheus-view.ts';

export interface EvidenceOptions {
  root: string;
  stack: Stack;
  experiment: Experiment;
  /** When the method began, Unix milliseconds. */
  from: number;
  now: number;
}

/** Lines to print. What cannot be had is said, and the rest of the trail goes on. */
export async function evidenceTrail(options: EvidenceOptions): Promise<string[]> {
  const { stack, experiment, from, now } = options;
  const fired = await firedSince(stack.addresses.prometheus, from, now);
  const messages = await inboxMessages(stack.addresses.console, from).catch(() => []);
  const lines: string[] = [];
  if (fired.length === 0) lines.push('no alert has fired: it was revealed before the rules could know');
  for (const [index, { alert, at }] of fired.entries()) {
    const message = messages.find((each) => each.alert === alert && each.status === 'firing');
    lines.push(`${index + 1}. ${after(at, from)} ${alert} fired${expected(experiment, alert)}`);
    if (message) lines.push(`   inbox ${after(message.receivedAt, from)}: ${message.title}`);
    lines.push(...(await runbookLines(alert, options)).map((line) => `   ${line}`));
  }
  return lines;
}

interface Fired {
  alert: string;
  at: number;
}

async function firedSince(prometheusUrl: string, from: number, to: number): Promise<Fired[]> {
  const series = await queryRange(
    prometheusUrl,
    'max by (alertname) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
    { from, to },
  );
  return (
    series
      .map(({ labels, points }) => ({ alert: labels['alertname'] ?? '?', at: points[0]?.[0] ?? to }))
      // What fired already when it began tells of something else.
      .filter(({ at }) => at > from)
      .sort((one, other) => one.at - other.at)
  );
}

/** The runbook's own first question, and what Prometheus answers now; where to search the logs. */
async function runbookLines(alert: string, { root, stack }: EvidenceOptions): Promise<string[]> {
  const text = await readFile(join(root, 'docs', 'runbooks', `${alert}.md`), 'utf8').catch(() => '');
  const lines = [`runbook: ${stack.addresses.console}/runbooks/${alert}`];
  const question = fenced(text, 'promql');
  if (question !== undefined) {
    lines.push(`asks: ${question.replaceAll(/\s+/g, ' ')}`);
    lines.push(`answer: ${await answerTo(stack.addresses.prometheus, question)}`);
  }
  const search = fenced(text, 'kql');
  if (search !== undefined)
    lines.push(`logs: ${stack.addresses.console}/logs?${new URLSearchParams({ q: search })}`);
  return lines;
}

async function answerTo(prometheusUrl: string, expression: string): Promise<string> {
  try {
    const samples = await query(prometheusUrl, expression, AbortSignal.timeout(5_000));
    const shown = samples
      .toSorted((one, other) => other.value - one.value)
      .slice(0, 3)
      .map(({ labels, value }) => `${labelsOf(labels)} ${Number(value.toPrecision(3))}`.trim());
    return shown.length > 0 ? shown.join('; ') : 'nothing (any more)';
  } catch (error) {
    return `not to be had: ${describeError(error)}`;
  }
}

function labelsOf(labels: Record<string, string>): string {
  return Object.entries(labels)
    .filter(([name]) => !['__name__', 'job'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function fenced(markdown: string, language: string): string | undefined {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(markdown)?.[1]?.trim();
}

function expected({ alerts: { must, may } }: Experiment, alert: string): string {
  if (must.some((each) => each.alert === alert)) return ', the one to follow';
  const reason = may.find(({ alerts }) => alerts.includes(alert))?.because;
  return reason === undefined ? '' : `: ${reason}`;
}

function after(at: number, from: number): string {
  return `after ${Math.max(0, (at - from) / 1000).toFixed(0)} s`;
}
