/** Compares the files that a program reads: each comes from the same place of the checkout and stands at the same path. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mountsOf, type Part } from '@lab/manifest';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { mountedFiles, type PlacedContainer } from '../placed-container.ts';
import type { Difference } from './difference.ts';

export function differencesOfFiles(
  { name, compose }: Part,
  placed: PlacedContainer,
  objects: readonly KubernetesObject[],
  root: string,
): Difference[] {
  const files = mountedFiles(placed, objects);
  const binds = mountsOf(compose).filter(({ source }) => source.startsWith('./'));
  const unlike = [...files].flatMap(([path, text]) => {
    // The innermost mount is the one that counts.
    const bind = binds
      .filter(({ target }) => path === target || path.startsWith(`${target}/`))
      .sort((one, other) => other.target.length - one.target.length)[0];
    if (bind === undefined)
      return [
        { part: name, fact: `file ${path}`, detail: 'expected no such file, because Compose has none' },
      ];
    const file = join(root, bind.source, path.slice(bind.target.length));
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return [];
    return [{ part: name, fact: `file ${path}`, detail: `expected the text of ${bind.source}` }];
  });
  const absent = binds
    .filter(({ source }) => existsSync(join(root, source)) && statSync(join(root, source)).isFile())
    .filter(({ target }) => !files.has(target))
    .map(({ target, source }) => ({
      part: name,
      fact: `file ${target}`,
      detail: `expected ${source}, got nothing`,
    }));
  return [...unlike, ...absent];
}
