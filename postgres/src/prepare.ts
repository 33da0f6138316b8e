/** Makes a data folder ready and says how to run the server on it; the caller runs and watches the process. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { reachableDataDir, reachableServer, type ServerUser } from './native.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Where the data should live; kept when it holds a cluster already. */
  dataDir: string;
  /** TCP port on 127.0.0.1. There is no Unix socket. */
  port: number;
  /** Password of the superuser `postgres`, set when the cluster is made. */
  superuserPassword: string;
  /** Settings over those of postgres/postgresql.conf, by name. */
  settings?: Record<string, string>;
}

/** What to spawn: the server stays in the foreground, logs to stderr, stops cleanly and fast on SIGINT. */
export interface PostgresCommand {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Present where the caller is root, whom Postgres refuses. */
  uid?: number;
  gid?: number;
  /** Where the data really lies: not always where it was wished (see reachableDataDir). */
  dataDir: string;
}

/**
 * Initialises the cluster where there is none yet and returns the command that serves it.
 * @throws Error with initdb's last lines when it fails; a half-made cluster is removed.
 */
export async function preparePostgres(options: PostgresOptions): Promise<PostgresCommand> {
  const user = serverUser();
  const server = await reachableServer(user);
  const dataDir = await reachableDataDir(options.dataDir, user);
  const identity = user ?? {};
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  if (!existsSync(join(dataDir, 'PG_VERSION')))
    await initialise(server, dataDir, options.superuserPassword, user, env);

  const config = join(dataDir, 'lab.conf');
  await copyFile(join(import.meta.dirname, '..', 'postgresql.conf'), config);
  if (user) await chown(config, user.uid, user.gid);
  const settings = {
    config_file: config,
    hba_file: join(dataDir, 'pg_hba.conf'),
    ident_file: join(dataDir, 'pg_ident.conf'),
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    ...options.settings,
  };
  const args = [
    '-D',
    dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  return { command: join(server, 'bin', 'postgres'), args, cwd: dirname(dataDir), env, dataDir, ...identity };
}

async function initialise(
  server: string,
  dataDir: string,
  password: string,
  user: ServerUser,
  env: Record<string, string>,
): Promise<void> {
  await mkdir(dataDir, { mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) {
      await chown(dataDir, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    const args = ['-D', dataDir, '-U', 'postgres', '-A', 'scram-sha-256', '-E', 'UTF8', '--no-sync'];
    await run(join(server, 'bin', 'initdb'), [...args, '--locale=C.UTF-8', `--pwfile=${passwordFile}`], {
      cwd: dirname(dataDir),
      env,
      ...(user ?? {}),
    });
  } catch (cause) {
    await rm(dataDir, { recursive: true, force: true });
    const lines =
      cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n').slice(-5) : [];
    throw new Error([`initdb failed in ${dataDir}`, ...lines].join('\n'), { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** `postgres` where the system has that user, else `nobody`: initdb insists on a user with a name. */
function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return null;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get('postgres') ?? users.get('nobody');
  if (!user)
    throw new Error('Postgres refuses to run as root and this system has neither a user postgres nor nobody');
  return user;
}
