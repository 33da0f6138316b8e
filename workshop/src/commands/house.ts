/** `workshop house`: counts how easily the code is carried on and writes docs/figures/house.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun, type Command, runCommand } from '@lab/cli';
import { writeFigures } from '../figures/figures-file.ts';
import { houseFigures } from '../figures/house.ts';

/** Figures that others measure, by the option that hands them in. */
const HANDED_IN = {
  'files-to-add-a-service': 'files_to_add_a_service',
  'test-minutes': 'test_minutes',
} as const;

export const house: Command = {
  name: 'house',
  summary: 'count lines, files that know too much and deep imports, and write docs/figures/house.json',
  options: {
    'files-to-add-a-service': { kind: 'value', summary: 'as the test that adds one counted them' },
    'test-minutes': { kind: 'value', summary: 'that `make test` took on this machine' },
  },
  async run({ paths, output, options }) {
    const handedIn = Object.entries(HANDED_IN).flatMap(([option, figure]) => {
      if (options[option] === undefined) return [];
      const value = Number(options[option]);
      if (!(value > 0))
        throw new CannotRun(`--${option}: expected a number above 0, received ${options[option]}`);
      return [[figure, value] as const];
    });
    const figures = { ...houseFigures(await trackedFiles(paths.root)), ...Object.fromEntries(handedIn) };
    output.result(JSON.stringify(figures, null, 2));
    const command = 'node workshop/src/main.ts house';
    output.result(await writeFigures(paths.root, 'house', { command, figures }));
  },
};

/** Reads what git tracks and the work tree has; pictures and the like are read as text, which does no harm to a count. */
async function trackedFiles(root: string): Promise<Map<string, string>> {
  const { stdout } = await runCommand('git', ['ls-files', '-z'], { cwd: root });
  const paths = stdout.split('\0').filter((path) => path !== '' && !/\.(png|woff2|gz|zip)$/.test(path));
  const read = paths.map(async (path) => {
    const text = await readFile(join(root, path), 'utf8').catch(() => undefined); // Deleted, not yet committed.
    return text === undefined ? [] : [[path, text] as const];
  });
  return new Map((await Promise.all(read)).flat());
}
