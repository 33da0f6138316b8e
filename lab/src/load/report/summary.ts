/** A load's report as lines for the terminal. */
import { table } from '../../cli/output.ts';
import { type LoadReport, percent } from './report.ts';

export function summaryOf(report: LoadReport): string[] {
  const { requests, rate, latency, visitor, breakpoint, seconds, interrupted } = report;
  const ms = (value: number) => `${Math.round(value * 1000)} ms`;
  const count = (value: number) => value.toLocaleString('en');
  return [
    ...table([
      ['route', 'sent', 'answers', 'p50', 'p95', 'p99'],
      ...report.routes.map(({ name, sent, results, p50Seconds, p95Seconds, p99Seconds }) => [
        name,
        count(sent),
        Object.entries(results)
          .map(([result, many]) => `${result}: ${count(many)}`)
          .join(', '),
        ms(p50Seconds),
        ms(p95Seconds),
        ms(p99Seconds),
      ]),
    ]),
    `${count(requests.sent)} requests in ${seconds} s${interrupted ? ' (interrupted)' : ''}, ${count(requests.asked)} asked (${rate.errorPercent >= 0 ? '+' : ''}${rate.errorPercent} %); p95 ${ms(latency.p95Seconds)}, p99 ${ms(latency.p99Seconds)}; 5xx ${requests.serverErrors}, unanswered ${requests.unanswered}`,
    ...(visitor
      ? [
          `${visitor.kind === 'browser' ? 'browser walked the journey' : 'synthetic browser telemetry sent'} ${visitor.walks} times${visitor.failures > 0 ? `, ${visitor.failures} failed: ${visitor.reason}` : ''}`,
        ]
      : []),
    ...report.objectives.map(
      ({ title, promised, measured, kept }) =>
        `${kept ? 'kept  ' : 'BROKEN'}  ${title}: ${measured === undefined ? 'nothing to measure' : percent(measured)} (promised ${percent(promised)})`,
    ),
    ...(breakpoint
      ? [
          breakpoint.rate === undefined
            ? 'breakpoint: not even the first step held'
            : `breakpoint: ${breakpoint.rate} requests a second${breakpoint.settled ? '' : ' or more (the search did not come to its end)'}`,
        ]
      : []),
  ];
}
