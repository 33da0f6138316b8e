import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface DatabaseLayout {
  /** Written into `user_version`; a file of another version is not read. */
  version: number;
  /** Statements that make an empty database ready. */
  create: string;
}

export interface OpenOptions {
  /** Page cache, KiB. */
  cacheKiB: number;
}

/**
 * Opens a database file for its only writer, making it (and its folder) where there is none.
 * A file that is damaged, of another version, or was marked by `distrust` is put aside as `NAME.broken` and replaced.
 * @returns the database, and why it was replaced, if it was.
 */
export function openForWriting(
  path: string,
  layout: DatabaseLayout,
  { cacheKiB }: OpenOptions,
): { database: DatabaseSync; replaced: string | null } {
  mkdirSync(dirname(path), { recursive: true });
  const fault = faultOf(path, layout);
  if (fault !== null) putAside(path);
  const database = connect(path, cacheKiB, false);
  if (database.prepare('PRAGMA user_version').get()?.['user_version'] === 0) {
    database.exec(`BEGIN IMMEDIATE; ${layout.create}; PRAGMA user_version = ${layout.version}; COMMIT`);
  }
  return { database, replaced: fault };
}

/** Opens an existing database for queries only. It sees what is committed, and never waits for the writer. */
export function openForReading(path: string, { cacheKiB }: OpenOptions): DatabaseSync {
  return connect(path, cacheKiB, true);
}

/**
 * Makes this process the only one on the folder, until it ends however it ends: the lock is the system's.
 * @throws Error beginning with "expected" when another process has it, or the folder cannot be written.
 */
export function lockFolder(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true });
    // A predecessor that is just ending gets a moment.
    const lock = new DatabaseSync(join(directory, 'lock.db'), { timeout: 3000 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const busy = reason.includes('locked');
    throw new Error(
      busy
        ? `expected to be the only console on ${directory}, but another one uses it; stop that one, or set CONSOLE_DATA_DIR`
        : `expected a folder that can be written in CONSOLE_DATA_DIR (${directory}): ${reason}`,
      { cause },
    );
  }
}

/** Runs a database's work; when its file turns out to be damaged, the next start begins a new one. */
export function watchingForDamage<T>(path: string, onDamage: (error: Error) => void, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isDamage(error)) {
      distrust(path, String(error));
      onDamage(new Error(`${path} is damaged; it is put aside at the next start`, { cause: error }));
    }
    throw error;
  }
}

/** Has the file put aside at the next start; for errors that say that it is damaged. */
export function distrust(path: string, reason: string): void {
  writeFileSync(`${path}.distrusted`, reason);
}

/** Whether SQLite says that the file itself is damaged (SQLITE_CORRUPT, SQLITE_NOTADB). */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  const code = Number(error.errcode) & 0xff;
  return code === 11 || code === 26;
}

function faultOf(path: string, layout: DatabaseLayout): string | null {
  if (!existsSync(path)) return null;
  if (existsSync(`${path}.distrusted`)) return 'it was found damaged while in use';
  let database: DatabaseSync | undefined;
  try {
    database = connect(path, 1000, false);
    const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return version === layout.version || version === 0
      ? null
      : `it is of version ${version}, expected ${layout.version}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
}

function putAside(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}.broken${suffix}`, { force: true });
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.broken${suffix}`);
  }
  rmSync(`${path}.distrusted`, { force: true });
}

function connect(path: string, cacheKiB: number, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: 5000 });
  try {
    if (readOnly) database.exec('PRAGMA query_only = on');
    // NORMAL survives a killed process; a power cut may take the last moments, together with the position they were read up to.
    else
      database.exec(
        'PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000',
      );
    database.exec(`PRAGMA cache_size = -${cacheKiB}; PRAGMA temp_store = memory`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
