/**
 * What a method may do and how it is undone: plain data, checked before anything runs, and small enough to be written down
 * for the guardian, who undoes it when nobody else can.
 */
import { z } from 'zod';

/** Says that a step is of one mode only: a part may be another one there. */
const mode = z.enum(['lite', 'full']).optional();
const part = z.string().regex(/^[a-z][a-z-]*$/, 'expected the name of a part, such as api');
const service = z.enum(['api', 'worker', 'web', 'console']);
const route = z.string().startsWith('/').optional();
const perSecond = z.number().positive().max(500);

/** A fault inside a service, as its management listener takes it (services/telemetry/src/faults). */
const fault = z.discriminatedUnion('fault', [
  z.strictObject({
    do: z.literal('fault'),
    service,
    fault: z.literal('error'),
    ratio: z.number().gt(0).max(1),
    statusCode: z.int().min(400).max(599).optional(),
    route,
  }),
  z.strictObject({
    do: z.literal('fault'),
    service,
    fault: z.literal('latency'),
    milliseconds: z.number().min(1).max(60_000),
    route,
  }),
  z.strictObject({
    do: z.literal('fault'),
    service,
    fault: z.literal('event_loop'),
    millisecondsPerSecond: z.number().min(1).max(950),
    bouts: z.int().min(1).max(20).optional(),
    route,
  }),
  z.strictObject({
    do: z.literal('fault'),
    service,
    fault: z.literal('memory'),
    megabytesPerSecond: z.number().min(0.1).max(100),
    maxMegabytes: z.number().min(1).max(1024).optional(),
    route,
  }),
]);

const others = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('stop'), part, mode }),
  z.strictObject({ do: z.literal('pause'), part, mode }),
  /** Pauses a part for so long, and then lets it go on: what is wrong shows afterwards. */
  z.strictObject({ do: z.literal('freeze'), part, seconds: z.number().positive().max(60) }),
  /** kill -9, as often as said, each as soon as the part serves again. */
  z.strictObject({ do: z.literal('kill'), part, times: z.int().min(1).max(10).default(1) }),
  z.strictObject({ do: z.literal('lock-table'), table: z.enum(['tasks', 'users', 'notifications']) }),
  z.strictObject({ do: z.literal('long-transaction') }),
  /** Sessions that do nothing, until only so many are left for anybody but a superuser. */
  z.strictObject({ do: z.literal('use-connections'), leave: z.int().min(0).max(50) }),
  /** Sessions that read a table larger than the database's memory, over and over. */
  z.strictObject({ do: z.literal('query-storm'), sessions: z.int().min(1).max(20) }),
  /** Pairs of transactions that take two locks in opposite order. */
  z.strictObject({ do: z.literal('deadlocks') }),
  /** Jobs whose payload no worker can read. They end in the dead-letter queue, which is theirs: nothing has to be undone. */
  z.strictObject({ do: z.literal('unreadable-jobs'), count: z.int().min(1).max(100) }),
  /** Holds back what passes between api and Postgres, in the direction of the answers. */
  z.strictObject({
    do: z.literal('network'),
    toxic: z.enum(['latency', 'bandwidth', 'timeout', 'reset_peer']),
    /** latency: added to each answer; timeout: after which the connection is closed, 0 never. */
    milliseconds: z.number().min(0).max(60_000).optional(),
    kilobytesPerSecond: z.number().positive().optional(),
  }),
  /** The background load's rate, times `factor`. */
  z.strictObject({ do: z.literal('traffic'), factor: z.number().min(0).max(20) }),
  /** Requests that the API refuses: tasks that do not exist, under names of so many characters. */
  z.strictObject({
    do: z.literal('refused-requests'),
    perSecond,
    nameLength: z.int().min(1).max(6000).default(36),
  }),
  /** What a browser app gone bad reports: script errors, and page views with these vitals. */
  z.strictObject({
    do: z.literal('browser-reports'),
    viewsPerSecond: perSecond,
    errorsPerView: z.number().min(0).max(5).default(0),
    vitals: z.partialRecord(z.enum(['LCP', 'INP', 'CLS', 'FCP', 'TTFB']), z.number().min(0)).default({}),
  }),
  /** Lines in the log folder that are no records. */
  z.strictObject({ do: z.literal('broken-log-lines'), perSecond }),
  /** Spans sent to the tracing backend that no backend can keep. */
  z.strictObject({ do: z.literal('broken-spans'), perSecond }),
  /** The log folder fills with more files than the console follows, and every service begins a new one. */
  z.strictObject({ do: z.literal('flood-log-folder') }),
  /** A service's log file becomes a link to a disk that is gone. */
  z.strictObject({ do: z.literal('lose-log-disk'), service }),
  /** Full mode: closes Elasticsearch's indices for writing, as it does itself when its disk is nearly full. */
  z.strictObject({ do: z.literal('block-indices') }),
  /** A rule that parses and cannot be evaluated. */
  z.strictObject({ do: z.literal('failing-rule') }),
  /** Configuration that Prometheus and Alertmanager refuse. */
  z.strictObject({ do: z.literal('refused-configuration') }),
]);

export const actionSchema = z.union([fault, others]);
export type Action = z.infer<typeof actionSchema>;
export type FaultAction = Extract<Action, { do: 'fault' }>;

/** Each harmless where there is nothing to undo, and repeatable: a guardian may come after half of it was done. */
export const rollbackSchema = z.discriminatedUnion('undo', [
  z.strictObject({ undo: z.literal('clear-faults'), service }),
  z.strictObject({ undo: z.literal('start'), part, mode }),
  z.strictObject({ undo: z.literal('resume'), part, mode }),
  z.strictObject({ undo: z.literal('end-sessions') }),
  z.strictObject({ undo: z.literal('clear-network') }),
  z.strictObject({ undo: z.literal('end-traffic') }),
  z.strictObject({ undo: z.literal('return-logs') }),
  z.strictObject({ undo: z.literal('unblock-indices') }),
  z.strictObject({ undo: z.literal('restore-configuration') }),
]);
export type Rollback = z.infer<typeof rollbackSchema>;

/** The rollback that undoes an action; every action has one. */
export function rollbackOf(action: Action): Rollback {
  switch (action.do) {
    case 'fault':
      return { undo: 'clear-faults', service: action.service };
    case 'kill':
      return { undo: 'start', part: action.part };
    case 'stop':
      return { undo: 'start', part: action.part, ...(action.mode ? { mode: action.mode } : {}) };
    case 'freeze':
      return { undo: 'resume', part: action.part };
    case 'pause':
      return { undo: 'resume', part: action.part, ...(action.mode ? { mode: action.mode } : {}) };
    case 'lock-table':
    case 'long-transaction':
    case 'use-connections':
    case 'query-storm':
    case 'deadlocks':
    case 'unreadable-jobs':
      return { undo: 'end-sessions' };
    case 'network':
      return { undo: 'clear-network' };
    case 'traffic':
    case 'refused-requests':
    case 'browser-reports':
    case 'broken-log-lines':
    case 'broken-spans':
      return { undo: 'end-traffic' };
    case 'flood-log-folder':
    case 'lose-log-disk':
      return { undo: 'return-logs' };
    case 'block-indices':
      return { undo: 'unblock-indices' };
    case 'failing-rule':
    case 'refused-configuration':
      return { undo: 'restore-configuration' };
  }
}

/** `fault error on api (ratio 0.4)`, `stop postgres`: for progress, reports and the console. */
export function describeAction(action: Action): string {
  const { do: verb, ...rest } = action;
  const details = Object.entries(rest)
    .filter(([key, value]) => value !== undefined && key !== 'mode')
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return details.length > 0 ? `${verb} (${details.join(', ')})` : verb;
}

export function describeRollback({ undo, ...rest }: Rollback): string {
  return [undo, 'service' in rest ? rest.service : '', 'part' in rest ? rest.part : '']
    .filter(Boolean)
    .join(' ');
}
