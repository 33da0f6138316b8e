import { nameTableSql } from '../sqlite/name-table.ts';
import type { DatabaseLayout } from '../sqlite/open-database.ts';
import { type SegmentTables, segmentsSql } from '../sqlite/segments.ts';

/** Names of the tables of one segment. */
export const spanTable = (segment: number) => `span_${segment}`;
export const markTable = (segment: number) => `mark_${segment}`;

export const spanSegments: SegmentTables = {
  names: (segment) => [spanTable(segment), markTable(segment)],
  create: (segment) => `
    -- The columns that a search and a summary need stand first, the bulk last.
    CREATE TABLE ${spanTable(segment)} (id INTEGER PRIMARY KEY, trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT,
      service INTEGER NOT NULL, operation INTEGER NOT NULL, kind INTEGER NOT NULL, error INTEGER NOT NULL,
      start_us INTEGER NOT NULL, duration_ns INTEGER NOT NULL, resource INTEGER NOT NULL, detail TEXT NOT NULL);
    -- An exporter that got no answer sends again.
    CREATE UNIQUE INDEX ${spanTable(segment)}_identity ON ${spanTable(segment)} (trace_id, span_id);
    -- Words of ours about each span: service, operation, kind, error, duration step, tags, links.
    CREATE VIRTUAL TABLE ${markTable(segment)} USING fts5(text, content = '', detail = none, columnsize = 0, tokenize = 'ascii');`,
};

/** Version 1. Spans, and what they add up to per minute: calls of operations, edges between services. */
export const spanLayout: DatabaseLayout = {
  version: 1,
  create: `${segmentsSql} ${nameTableSql('services')} ${nameTableSql('resources')}
    CREATE TABLE operations (id INTEGER PRIMARY KEY, service INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (service, name));
    CREATE TABLE operation_minutes (minute INTEGER, service INTEGER, operation INTEGER, kind INTEGER,
      spans INTEGER NOT NULL, errors INTEGER NOT NULL, PRIMARY KEY (minute, service, operation, kind)) WITHOUT ROWID;
    CREATE TABLE edge_minutes (minute INTEGER, caller INTEGER, callee INTEGER, type INTEGER, step INTEGER,
      calls INTEGER NOT NULL, errors INTEGER NOT NULL, PRIMARY KEY (minute, caller, callee, type, step)) WITHOUT ROWID;`,
};
