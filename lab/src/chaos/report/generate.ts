/** Writes loadtests/chaos/report.schema.json, and the list of actions in README.md beside it: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { actionKinds } from '../experiment/actions.ts';
import { runReportSchema } from './run-report.ts';

const LIST = /(<!-- actions -->\n)[\s\S]*(<!-- \/actions -->)/;

/** The form of report.json, for readers without this program. */
export const reportSchemaFile = (): string => `${JSON.stringify(z.toJSONSchema(runReportSchema), null, 2)}\n`;

/** @returns the README with a row for each action between its marks. */
export function withActions(readme: string): string {
  const name = ({ schema }: { schema: z.ZodType }, key: 'do' | 'undo') =>
    `\`${[...(schema._zod.propValues?.[key] ?? [])].join()}\``;
  const rows = actionKinds.map((kind) => {
    const undone = kind.undoneBy.map((each) => name(each, 'undo')).join(', ');
    return `| ${name(kind, 'do')} | ${kind.description} | ${undone} |\n`;
  });
  return readme.replace(
    LIST,
    `$1| action | what it does | rollback |\n| --- | --- | --- |\n${rows.join('')}$2`,
  );
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../../../../loadtests/chaos');
  writeFileSync(join(folder, 'report.schema.json'), reportSchemaFile());
  const readme = join(folder, 'README.md');
  writeFileSync(readme, withActions(readFileSync(readme, 'utf8')));
}
