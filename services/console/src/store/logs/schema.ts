import { nameTableSql } from '../sqlite/name-table.ts';
import type { DatabaseLayout } from '../sqlite/open-database.ts';
import { type SegmentTables, segmentsSql } from '../sqlite/segments.ts';

/** Names of the tables of one segment. */
export const recordTable = (segment: number) => `record_${segment}`;
export const wordTable = (segment: number) => `word_${segment}`;
export const secondTable = (segment: number) => `second_${segment}`;
export const minuteTable = (segment: number) => `minute_${segment}`;

export const logSegments: SegmentTables = {
  names: (segment) => [recordTable(segment), wordTable(segment), secondTable(segment), minuteTable(segment)],
  create: (segment) => `
    CREATE TABLE ${recordTable(segment)} (id INTEGER PRIMARY KEY, level INTEGER NOT NULL, service INTEGER NOT NULL,
      instance INTEGER, sequence INTEGER, defect INTEGER NOT NULL, file INTEGER, line TEXT NOT NULL);
    CREATE UNIQUE INDEX ${recordTable(segment)}_identity ON ${recordTable(segment)} (instance, sequence) WHERE instance IS NOT NULL;
    -- Only which records hold a word: no positions, no copy of the text. Phrases are decided on the records themselves.
    CREATE VIRTUAL TABLE ${wordTable(segment)} USING fts5(text, content = '', detail = none, columnsize = 0,
      tokenize = "ascii tokenchars '~'");
    -- How many records a second and a minute had: histograms without a search word.
    CREATE TABLE ${secondTable(segment)} (time INTEGER, level INTEGER, service INTEGER, records INTEGER NOT NULL,
      PRIMARY KEY (time, level, service)) WITHOUT ROWID;
    CREATE TABLE ${minuteTable(segment)} (time INTEGER, level INTEGER, service INTEGER, records INTEGER NOT NULL,
      PRIMARY KEY (time, level, service)) WITHOUT ROWID;`,
};

/** Version 1. Log lines, and how far each log file has been read: both change in the same transactions. */
export const logLayout: DatabaseLayout = {
  version: 1,
  create: `${segmentsSql} ${nameTableSql('services')} ${nameTableSql('files')}
    CREATE TABLE instances (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, high_sequence INTEGER NOT NULL, seen_ms INTEGER NOT NULL);
    CREATE TABLE positions (file_key TEXT PRIMARY KEY, path TEXT NOT NULL, offset INTEGER NOT NULL,
      head TEXT NOT NULL, head_bytes INTEGER NOT NULL, tail TEXT NOT NULL, tail_bytes INTEGER NOT NULL,
      skipping INTEGER NOT NULL, seen_ms INTEGER NOT NULL);`,
};
