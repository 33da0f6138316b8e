import type { DatabaseLayout } from '../sqlite/open-database.ts';

/** Version 1. What the console keeps of its own: messages, experiments, settings. Small, and in both modes. */
export const stateLayout: DatabaseLayout = {
  version: 1,
  create: `
    CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, received_ms INTEGER NOT NULL, channel TEXT NOT NULL,
      status TEXT NOT NULL, search TEXT NOT NULL, bytes INTEGER NOT NULL, message TEXT NOT NULL);
    CREATE INDEX inbox_channel ON inbox (channel, id);
    CREATE TABLE experiments (id TEXT PRIMARY KEY, started_ms INTEGER NOT NULL, name TEXT NOT NULL,
      start TEXT NOT NULL, ended_ms INTEGER, ending TEXT);
    CREATE INDEX experiments_started ON experiments (started_ms, id);
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
};
