/**
 * Kustomize takes no patterns: each file of a ConfigMap stands by name in the kustomization of its folder. Where there are many, the list is made
 * of a pattern beside it: `# <files rules/*.yml>` … `# </files>`.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LIST = /^( *)# <files (\S+)>(.*)\n(?:.*\n)*?\1# <\/files>$/gm;

/** Returns the text of every kustomization that has such a list, as it should be, by its path. */
export function listedKustomizations(root: string): Map<string, string> {
  const paths = globSync('{*,docs/*}/kustomization.yaml', { cwd: root }).sort();
  const texts = paths.map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]);
  return new Map(
    texts
      .filter(([, text]) => text.match(LIST) !== null)
      .map(([path, text]) => [path, withLists(text, join(root, dirname(path)))]),
  );
}

function withLists(text: string, folder: string): string {
  return text.replaceAll(LIST, (_, indent: string, pattern: string, note: string) => {
    const files = globSync(pattern, { cwd: folder }).sort();
    return [`# <files ${pattern}>${note}`, ...files.map((file) => `- ${file}`), '# </files>']
      .map((line) => indent + line)
      .join('\n');
  });
}
