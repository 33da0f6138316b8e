import { execFileSync } from 'node:child_process';

/** Every Markdown file that git knows or would add, relative to the checkout. */
export function documents(root: string): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.md'],
    { cwd: root, encoding: 'utf8' },
  );
  return [...new Set(listed.split('\0').filter(Boolean))].toSorted();
}
