/** The checkers of imports and of dead code, each shown to fail: on a copy of this checkout in which something is planted. */
import { execFile } from 'node:child_process';
import { cp, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

test('imports in a direction they must not take are each named, with the file and the rule', {
  timeout: 120_000,
}, async () => {
  await using copy = await temporaryFolder();
  await copyCheckout(copy.path);
  const plant = (path: string, text: string) => writeFile(join(copy.path, path), text);
  await plant('lab/src/one.ts', "import type { Two } from './two.ts';\nexport type One = Two[];\n");
  await plant('lab/src/two.ts', "import type { One } from './one.ts';\nexport type Two = One | string;\n");
  await plant('testing/src/deep.ts', "export { until } from '../../lab/src/wait.ts';\n");
  await plant('testing/src/hidden.ts', "export { until } from '@lab/cli/src/wait.ts';\n");
  await plant('services/api/src/knows-the-lab.ts', "export { until } from '@lab/cli';\n");
  await plant('services/web/src/knows-the-api.ts', "export type { Api } from 'taskmanager-api/compose';\n");
  await plant('services/worker/src/job-service.ts', "export { Pool } from 'pg';\n");
  await plant('lab/src/knows-a-test.ts', "export { eventually } from '@lab/testing';\n");
  const said = await failureOf(copy.path, [
    '--import',
    './testing/src/walls/typescript-6.ts',
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '.',
  ]);
  for (const complaint of [
    /no-circle: lab\/src\/(one|two)\.ts/,
    /no-deep-import: testing\/src\/deep\.ts/,
    /not-to-unresolvable: testing\/src\/hidden\.ts/,
    /nothing-imports-the-lab: services\/api\/src\/knows-the-lab\.ts/,
    /services-share-the-contract-only: services\/web\/src\/knows-the-api\.ts/,
    /domain-knows-no-infrastructure: services\/worker\/src\/job-service\.ts/,
    /no-test-from-source: lab\/src\/knows-a-test\.ts/,
  ])
    expect(said).toMatch(complaint);
});

test('an export, a file and a dependency that nothing uses are each named', {
  timeout: 120_000,
}, async () => {
  await using copy = await temporaryFolder();
  await copyCheckout(copy.path);
  const wait = join(copy.path, 'lab/src/wait.ts');
  await writeFile(wait, `${await readFile(wait, 'utf8')}\nexport const nobodyAsksForThis = 1;\n`);
  await writeFile(join(copy.path, 'lab/src/nobody-imports-this.ts'), 'export const forgotten = 1;\n');
  const manifest = join(copy.path, 'loadtests/package.json');
  const described = JSON.parse(await readFile(manifest, 'utf8'));
  await writeFile(manifest, JSON.stringify({ ...described, dependencies: { undici: '8.12.4' } }, null, 2));
  const said = await failureOf(copy.path, ['node_modules/knip/bin/knip.js', '--no-progress']);
  for (const complaint of [
    /nobodyAsksForThis\s+lab\/src\/wait\.ts/,
    /lab\/src\/nobody-imports-this\.ts/,
    /undici\s+loadtests\/package\.json/,
  ])
    expect(said).toMatch(complaint);
});

/** What git tracks, and the installed packages: ours as links into the copy, the others as links to where they are. */
async function copyCheckout(path: string): Promise<void> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', list, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  const files = stdout.split('\0').filter((file) => file !== '' && !file.endsWith('.png'));
  await Promise.all(
    files.map(async (file) => {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await cp(join(root, file), join(path, file)).catch((error: NodeJS.ErrnoException) => {
        // Deleted in the work tree but not yet in git's index.
        if (error.code !== 'ENOENT') throw error;
      });
    }),
  );
  await linkPackages(join(root, 'node_modules'), join(path, 'node_modules'));
}

async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    const [source, link] = [join(from, name), join(to, name)];
    if (name.startsWith('@')) await linkPackages(source, link);
    else await symlink((await lstat(source)).isSymbolicLink() ? await readlink(source) : source, link);
  }
}

/** What a program that must fail says. */
async function failureOf(cwd: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, args, { cwd, maxBuffer: 16 * 1024 * 1024 });
    throw new Error(`expected a complaint, got exit status 0 and ${stdout}`);
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'code' in error)) throw error;
    expect(error.code).toBeGreaterThan(0);
    return String(error.stdout);
  }
}
