import { basename } from 'node:path';
import { parse } from 'yaml';
import { files, read } from './repository.ts';

export interface Query {
  /** Where it stands: `rules/api.yml HighErrorRate`, `runbooks/ApiDown.md`. */
  where: string;
  promql: string;
}

/** Every expression of a rule. */
export function ruleQueries(): Query[] {
  return files('prometheus/rules/*.yml').flatMap((path) =>
    rules(path).map((rule) => ({
      where: `rules/${basename(path)} ${rule.alert ?? rule.record}`,
      promql: rule.expr,
    })),
  );
}

/** Every query that a runbook offers for pasting: its fenced blocks of the language `promql`. */
export function runbookQueries(): Query[] {
  return files('docs/runbooks/*.md').flatMap((path) =>
    fencedBlocks(read(path), 'promql').map((promql) => ({ where: `runbooks/${basename(path)}`, promql })),
  );
}

/** Contents of a Markdown text's fenced blocks in a language, without the indentation of lists. */
export function fencedBlocks(markdown: string, language: string): string[] {
  const pattern = new RegExp(`^([ \\t]*)\`\`\`${language}\\n([\\s\\S]*?)^[ \\t]*\`\`\``, 'gm');
  return [...markdown.matchAll(pattern)].map(([, indent = '', body = '']) =>
    body
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n')
      .trim(),
  );
}

function rules(path: string): { alert?: string; record?: string; expr: string }[] {
  const { groups } = parse(read(path)) as {
    groups: { rules: { alert?: string; record?: string; expr: string }[] }[];
  };
  return groups.flatMap((group) => group.rules);
}
