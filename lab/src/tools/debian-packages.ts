/**
 * Unpacks Debian's packages without being root: apt with lists and cache of its own, so that neither the system's
 * state nor its permissions matter, and dpkg-deb, which only unpacks. Nothing is installed, no script is run.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { runCommand } from '../process/run-command.ts';
import { relocateExecutables } from './relocate.ts';

/** Whether this system has what it takes. */
export function hasDebianTools(path = process.env['PATH'] ?? ''): boolean {
  return ['apt-get', 'dpkg-deb'].every((name) =>
    path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name))),
  );
}

export interface UnpackOptions {
  toolsFolder: string;
  progress: (line: string) => void;
}

/**
 * Downloads the packages and unpacks them together into a new folder below `toolsFolder/debian`.
 * @throws Error with apt's last lines where a package cannot be had.
 */
export async function unpackDebianPackages(
  packages: readonly string[],
  options: UnpackOptions,
): Promise<void> {
  const { toolsFolder, progress } = options;
  await mkdir(join(toolsFolder, 'debian'), { recursive: true });
  // A folder of one's own, then one rename: two labs that share the tools may do this at the same time.
  const work = await mkdtemp(join(toolsFolder, '.unpacking-'));
  try {
    const configuration = await writeAptConfiguration(work);
    progress('reading the package lists (into .lab/tools, without touching the system)');
    // One unreachable third-party source is no reason to stop: the download below says what is really missing.
    await runCommand('apt-get', ['-c', configuration, '-q', 'update'], { timeoutMs: 180_000 }).catch(
      (error: Error) => progress(`some package lists could not be read: ${error.message.split('\n').at(-1)}`),
    );
    progress(`downloading ${packages.join(', ')}`);
    const download = (names: readonly string[]) =>
      runCommand('apt-get', ['-c', configuration, '-q', 'download', ...names], {
        cwd: work,
        timeoutMs: 300_000,
      });
    await download(packages);
    // Without these Prometheus's own pages have no styles and no charts; everything else works.
    await download(await pageLibraries(configuration, packages)).catch((error: Error) =>
      progress(`without the libraries of Prometheus's own pages: ${error.message.split('\n').at(-1)}`),
    );
    const root = join(work, 'root');
    await mkdir(root);
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb')))
      await extract(join(work, file), root);
    await relocateExecutables(root);
    await chmod(root, 0o755);
    await rename(
      root,
      join(toolsFolder, 'debian', `${packages.length}-${Date.now().toString(36)}-${process.pid}`),
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Unpacks without documents and without the time zone library's two hundred megabytes of raw data. */
async function extract(file: string, root: string): Promise<void> {
  const without = ['./usr/share/doc', './usr/share/javascript/moment-timezone/data'];
  const unpack = ['--extract', `--directory=${root}`, ...without.map((path) => `--exclude=${path}`)];
  await execa('dpkg-deb', ['--fsys-tarfile', file], { buffer: false }).pipe('tar', unpack);
}

/** Script and font packages that the packages need, and those that these need. */
async function pageLibraries(configuration: string, packages: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (let asked = [...packages]; asked.length > 0; ) {
    const { stdout } = await runCommand('apt-cache', [
      '-c',
      configuration,
      'depends',
      '--important',
      ...asked,
    ]);
    const named = [...stdout.matchAll(/^ {2}Depends: ((?:libjs|fonts)-\S+)$/gm)].map(([, name = '']) => name);
    asked = named.filter((name) => !found.has(name));
    for (const name of asked) found.add(name);
  }
  return [...found];
}

async function writeAptConfiguration(work: string): Promise<string> {
  for (const folder of ['state', 'lists/partial', 'cache/archives/partial'])
    await mkdir(join(work, 'apt', folder), { recursive: true });
  const file = join(work, 'apt', 'apt.conf');
  const lines = [
    `Dir::State "${join(work, 'apt', 'state')}";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::State::lists "${join(work, 'apt', 'lists')}";`,
    `Dir::Cache "${join(work, 'apt', 'cache')}";`,
    // As root apt would download as the user _apt, who may not reach a checkout below a 0700 folder.
    'APT::Sandbox::User "";',
    // Hooks of the system clean up its own cache, as images do.
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    // Only package lists: no translations, no icons of a software centre.
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    'Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}
