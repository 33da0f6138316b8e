/** How the lab itself reaches the task manager's database. */
import { connectionUrl } from '@lab/postgres';
import type { Settings } from './settings.ts';

export interface Databases {
  /** Connection URL of the schema's owner. */
  ownerUrl: string;
  superuserUrl: string;
}

export function databasesOf({ ports, secrets }: Settings): Databases {
  const url = (user: 'postgres' | 'taskmanager', password: string) =>
    connectionUrl({ user, password, port: ports.POSTGRES_PORT, database: 'taskmanager' });
  return {
    ownerUrl: url('taskmanager', secrets.TASKMANAGER_DB_PASSWORD),
    superuserUrl: url('postgres', secrets.POSTGRES_SUPERUSER_PASSWORD),
  };
}
