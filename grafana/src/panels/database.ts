/** The database as it sees itself (postgres-exporter), and whether it can be reached. */
import {
  BytesIEC,
  BytesPerSecondIEC,
  OpsPerSecond,
  PercentUnit,
  Seconds,
} from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { runbook, shortRunbook } from '../build/links.ts';
import { perSecondSeenByOne, seenByOne, share } from '../build/promql.ts';
import { limit } from '../build/query.ts';
import { stat } from '../build/stat.ts';
import { stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { alertThreshold, always, inPercent, patience, worseAbove, worseBelow } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const nearMax = alertThreshold('DatabaseConnectionsNearMax');
const cacheLow = alertThreshold('CacheHitRatioLow');
/** The lab's tables fit into memory (prometheus/alerts.yaml, CacheHitRatioLow). */
const USUAL_HITS = 0.99;
const longTransaction = alertThreshold('LongTransaction');
/** Databases of the task manager, not Postgres' own templates. */
const OURS = 'datname!~"template.*|postgres|"';

export const databaseUp = stat('Database', {
  shows: 'Whether the exporter can query the database and its port takes connections.',
  normal: 'up, always.',
  act: 'DatabaseDown says what to look at; the API answers 503 meanwhile and comes back by itself.',
  steps: worseBelow({ warn: 1, bad: 1 }),
  mappings: UP_OR_DOWN,
  plain: true,
  links: [shortRunbook('DatabaseDown')],
  queries: [
    {
      promql:
        'min(max by (job) (pg_up{job="postgres-exporter"} or probe_success{job="blackbox",target_name="postgres"}))',
      legend: 'database',
    },
  ],
});

export const connectionsUsed = stat('Connections used', {
  shows: 'Share of the connections that the database allows.',
  normal: 'well below the limit. Red is where DatabaseConnectionsNearMax fires.',
  act: 'see who holds them: by state below, by program in pg_stat_activity.',
  unit: PercentUnit,
  decimals: 0,
  steps: worseAbove({ warn: nearMax * 0.75, bad: nearMax }),
  queries: [
    { promql: `${seenByOne('pg_stat_activity_count')} / max(pg_settings_max_connections)`, legend: 'used' },
  ],
});

export const cacheHits = stat('Cache hits', {
  shows: 'Share of the blocks read that were in memory already.',
  normal: `above ${inPercent(USUAL_HITS)}. CacheHitRatioLow needs real disk reads too, so a quiet database does not fire it.`,
  act: 'a query that reads whole tables, or memory too small for the data.',
  unit: PercentUnit,
  decimals: 2,
  steps: worseBelow({ warn: USUAL_HITS, bad: cacheLow }),
  queries: [
    {
      promql: share(
        perSecondSeenByOne(`pg_stat_database_blks_hit{${OURS}}`),
        `(${perSecondSeenByOne(`pg_stat_database_blks_hit{${OURS}}`)} + ${perSecondSeenByOne(`pg_stat_database_blks_read{${OURS}}`)})`,
      ),
      legend: 'hits',
    },
  ],
});

export const longestTransaction = stat('Longest transaction', {
  shows: 'Age of the oldest transaction that is working or idle inside a transaction.',
  normal: 'below a second. Red is where LongTransaction fires.',
  act: 'it keeps old rows alive and may hold locks: find it in pg_stat_activity and end it if nobody knows it.',
  unit: Seconds,
  steps: worseAbove({ warn: longTransaction / 10, bad: longTransaction }),
  links: [shortRunbook('LongTransaction')],
  queries: [
    {
      promql: 'max(pg_stat_activity_max_tx_duration{state=~"active|idle in transaction.*"}) or vector(0)',
      legend: 'oldest',
    },
  ],
});

export const databaseSize = stat('Size', {
  shows: 'The task manager’s database on disk.',
  normal: 'grows with tasks and notifications; make load CLEAN=1 takes its own away again.',
  act: 'growth without traffic is bloat or a table that nobody clears.',
  unit: BytesIEC,
  steps: always(COLOR.neutral),
  queries: [{ promql: seenByOne(`pg_database_size_bytes{${OURS}}`), legend: 'size' }],
});

export const connectionsByState = timeSeries('Connections by state', {
  shows: 'What the database’s connections do, and how many it allows (dashed).',
  normal: 'mostly idle: the pools keep them open.',
  act: '"idle in transaction" that stays is a service that forgot to end one.',
  links: [runbook('DatabaseConnectionsNearMax')],
  queries: [
    { promql: `${seenByOne('pg_stat_activity_count', 'state')} > 0`, legend: '{{state}}' },
    limit('max(pg_settings_max_connections)', 'allowed'),
  ],
});

export const transactions = timeSeries('Transactions', {
  shows: 'Transactions a second that were committed, and (below the axis) rolled back.',
  normal: 'commits in step with traffic, rollbacks rare: lost races end in one.',
  act: 'rollbacks that follow commits mean that most changes fail: read the API’s error lines.',
  unit: OpsPerSecond,
  queries: [
    {
      promql: perSecondSeenByOne(`pg_stat_database_xact_commit{${OURS}}`),
      legend: 'committed',
      color: COLOR.traffic,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_xact_rollback{${OURS}}`),
      legend: 'rolled back',
      color: COLOR.refused,
      mirrored: true,
    },
  ],
});

export const rows = timeSeries('Rows', {
  shows: 'Rows a second that queries read by index, and rows that were written.',
  normal: 'reads far above writes.',
  act: 'many more rows for the same requests: a query lost its index.',
  openBelow: true,
  queries: [
    {
      promql: perSecondSeenByOne(`pg_stat_database_tup_fetched{${OURS}}`),
      legend: 'fetched',
      color: COLOR.traffic,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_tup_returned{${OURS}}`),
      legend: 'scanned',
      color: COLOR.reference,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_tup_inserted{${OURS}}`),
      legend: 'inserted',
      color: COLOR.good,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_tup_updated{${OURS}}`),
      legend: 'updated',
      color: COLOR.saturation,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_tup_deleted{${OURS}}`),
      legend: 'deleted',
      color: COLOR.refused,
    },
  ],
});

export const locks = timeSeries('Locks', {
  shows: 'Locks held or waited for, by mode. "accessexclusivelock" keeps everybody out of a table.',
  normal: 'shared ones come and go; no exclusive one for longer than a migration.',
  act: `TableLocked fires after ${patience('TableLocked')}: find who holds it, and whether it may be ended.`,
  links: [runbook('TableLocked')],
  queries: [{ promql: seenByOne(`pg_locks_count{${OURS}}`, 'mode'), legend: '{{mode}}' }],
});

export const deadlocks = timeSeries('Deadlocks and conflicts', {
  shows: 'Deadlocks within five minutes, and temporary files that queries spilled to disk.',
  normal: 'none.',
  act: 'one deadlock fires Deadlocks: two transactions take the same rows in opposite order; the log names both.',
  softMax: 1,
  steps: true,
  links: [runbook('Deadlocks')],
  queries: [
    {
      promql: seenByOne(`increase(pg_stat_database_deadlocks{${OURS}}[5m])`),
      legend: 'deadlocks',
      color: COLOR.errors,
    },
    {
      promql: seenByOne(`increase(pg_stat_database_temp_files{${OURS}}[5m])`),
      legend: 'temporary files',
      color: COLOR.refused,
    },
  ],
});

export const blocks = timeSeries('Reads from disk', {
  shows: 'Data that was not in Postgres’ memory, and data spilled to temporary files.',
  normal: 'next to nothing once the lab is warm.',
  act: 'a lasting stream is a scan over a table larger than memory: look for it in pg_stat_statements.',
  unit: BytesPerSecondIEC,
  queries: [
    {
      promql: `8192 * ${perSecondSeenByOne(`pg_stat_database_blks_read{${OURS}}`)}`,
      legend: 'read',
      color: COLOR.saturation,
    },
    {
      promql: perSecondSeenByOne(`pg_stat_database_temp_bytes{${OURS}}`),
      legend: 'temporary',
      color: COLOR.refused,
    },
  ],
});

export const probes = stateTimeline('Reachable', {
  shows: 'Whether the database’s port takes connections, and whether API and worker call themselves ready.',
  normal: 'green throughout.',
  act: 'the database red and both others red: the database. Only one of them: that service’s own trouble.',
  states: UP_OR_DOWN,
  queries: [
    {
      promql:
        'min by (target_name) (probe_success{job="blackbox",target_name=~"postgres|api-ready|worker-ready"})',
      legend: '{{target_name}}',
    },
    { promql: 'min by (job) (up{job=~"postgres-exporter|toxiproxy"})', legend: '{{job}}' },
  ],
});
