/** Pictures of the reports that `make load` and `make chaos` write: files, the same in both modes. */
import { pathToFileURL } from 'node:url';
import type { Picture } from './picture.ts';
import { atLeast, shows } from './proofs.ts';

export const REPORTS: readonly Picture[] = [
  {
    name: 'load-report',
    title: 'Load report',
    shows: 'What `make load` writes: latency and errors by route, and whether the objectives held.',
    when: 'after',
    address: ({ reports }) => address(reports.load),
    proofs: [
      atLeast('a table of routes', 'table tr', 4),
      shows('the API’s routes', '/api/v1/tasks', 'table'),
    ],
    size: 'whole',
  },
  {
    name: 'proof-table',
    title: 'Proof table',
    shows:
      'What `make chaos` writes: for every experiment, which alert fired, when it reached the inbox and when it resolved, beside the soonest possible.',
    when: 'after',
    address: ({ reports }) => address(reports.chaos),
    proofs: [
      atLeast('a row for each alert', 'table tbody tr', 1),
      shows('promises are counted', /promises kept/),
    ],
    size: 1200,
  },
];

function address(path: string | undefined): string {
  if (path === undefined) throw new Error('expected a report in reports/');
  return pathToFileURL(path).href;
}
