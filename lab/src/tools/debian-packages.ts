/**
 * Unpacks Debian's packages without being root: apt with lists and cache of its own, so that neither the system's
 * state nor its permissions matter, and dpkg-deb, which only unpacks. Nothing is installed, no script is run.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from '../process/run-command.ts';

/** Whether this system has what it takes. */
export function hasDebianTools(path = process.env['PATH'] ?? ''): boolean {
  return ['apt-get', 'dpkg-deb'].every((name) =>
    path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name))),
  );
}

/**
 * Downloads the packages and unpacks each into `toolsFolder/debian/NAME`; one that is there already is replaced.
 * @throws Error with apt's last lines where a package cannot be had.
 */
export async function unpackDebianPackages(
  packages: readonly string[],
  { toolsFolder, progress }: { toolsFolder: string; progress: (line: string) => void },
): Promise<void> {
  const target = join(toolsFolder, 'debian');
  await mkdir(target, { recursive: true });
  // A folder of one's own, then renames: two labs that share the folder may do this at the same time.
  const work = await mkdtemp(join(toolsFolder, '.unpacking-'));
  try {
    const configuration = await writeAptConfiguration(work);
    progress('reading the package lists (into .lab/tools, without touching the system)');
    // One unreachable third-party source is no reason to stop: the download below says what is really missing.
    await runCommand('apt-get', ['-c', configuration, '-q', 'update'], { timeoutMs: 180_000 }).catch(
      (error: Error) => progress(`some package lists could not be read: ${error.message.split('\n').at(-1)}`),
    );
    progress(`downloading ${packages.join(', ')}`);
    await runCommand('apt-get', ['-c', configuration, '-q', 'download', ...packages], {
      cwd: work,
      timeoutMs: 300_000,
    });
    for (const file of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
      const name = file.split('_')[0] ?? file;
      const unpacked = join(work, name);
      await runCommand('dpkg-deb', ['--extract', join(work, file), unpacked]);
      await rm(join(target, name), { recursive: true, force: true });
      await rename(unpacked, join(target, name)).catch((error: NodeJS.ErrnoException) => {
        // Another lab put the same package there a moment ago.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
