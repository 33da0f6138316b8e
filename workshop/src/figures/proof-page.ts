/** docs/proof.md: what each experiment proved when it was run last, from the reports. */

import type { ReportedExperiment, RunReport } from '@lab/cli';
import { newestOfEach } from './chaos-figures.ts';

export function proofPage(reports: readonly RunReport[], known: readonly string[], machine: string): string {
  const newest = newestOfEach(reports).filter(({ name }) => known.includes(name));
  const inOrder = known.flatMap((name) => newest.find((each) => each.name === name) ?? []);
  return `<!-- Written by \`workshop chaos-figures\` from the reports of \`make chaos\`. -->

# Proof

The newest run of each [experiment](../loadtests/chaos/README.md) in lite mode at time scale 10, on ${machine}. Seconds: *minimum* is the soonest
that the rule can fire (window × threshold ÷ injected ratio, one scrape and one evaluation counted whole, \`for\`); *fired* and *inbox* count from the
moment the method is in force, *over* from the rollback to the end of the alert and to its resolved message. Side effects are left out.

| Experiment | Alert | Minimum | Fired | Inbox | Over | Inbox: over | Promises kept |
| --- | --- | --- | --- | --- | --- | --- | --- |
${inOrder.flatMap(rowsOf).join('\n')}
${broken(inOrder)}`;
}

function rowsOf({ name, alerts, promises }: ReportedExperiment): string[] {
  const kept = `${promises.filter((each) => each.kept).length} of ${promises.length}`;
  const expected = alerts.filter((each) => each.expected === 'fire');
  if (expected.length === 0) return [`| \`${name}\` | none may fire | | | | | | ${kept} |`];
  return expected.map((alert, index) => {
    const cells = [
      index === 0 ? `\`${name}\`` : '',
      alert.name,
      seconds(alert.theoreticalMinimumSeconds),
      seconds(alert.firedAfterSeconds),
      seconds(alert.inboxAfterSeconds),
      seconds(alert.resolvedAfterSeconds),
      seconds(alert.resolvedMessageAfterSeconds),
      index === 0 ? kept : '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function broken(experiments: readonly ReportedExperiment[]): string {
  const lines = experiments.flatMap(({ name, promises }) =>
    promises
      .filter(({ kept }) => !kept)
      .map(({ text, expected, observed }) => `- \`${name}\`: ${text}: expected ${expected}, ${observed}`),
  );
  return lines.length === 0 ? '' : `\n## Broken in that run\n\n${lines.join('\n')}\n`;
}

function seconds(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
