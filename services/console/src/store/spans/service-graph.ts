import type { DatabaseSync } from 'node:sqlite';
import { type ServiceGraph, SPAN_KINDS } from '../../contract/traces.ts';
import { readNames } from '../sqlite/name-table.ts';
import { numberOf } from '../sqlite/transaction.ts';
import { durationOfStep, EDGE_TYPES } from './edges.ts';

interface EdgeSum {
  caller: number;
  callee: number;
  type: number;
  calls: number;
  errors: number;
  /** Calls by duration step, rising. */
  steps: [step: number, calls: number][];
}

/** Services and who calls whom, from the sums that ingest keeps per minute; both ends included. */
export function serviceGraph(
  database: DatabaseSync,
  fromMinute: number,
  toMinute: number,
): Pick<ServiceGraph, 'nodes' | 'edges'> {
  const names = readNames(database, 'services');
  const edges = new Map<string, EdgeSum>();
  const rows = database
    .prepare(
      `SELECT caller, callee, type, step, sum(calls) AS calls, sum(errors) AS errors FROM edge_minutes
       WHERE minute BETWEEN ? AND ? GROUP BY caller, callee, type, step ORDER BY step`,
    )
    .all(fromMinute, toMinute);
  for (const row of rows) {
    const [caller, callee, type] = [numberOf(row['caller']), numberOf(row['callee']), numberOf(row['type'])];
    const key = `${caller} ${callee} ${type}`;
    const edge = edges.get(key) ?? { caller, callee, type, calls: 0, errors: 0, steps: [] };
    const calls = numberOf(row['calls']);
    edge.calls += calls;
    edge.errors += numberOf(row['errors']);
    edge.steps.push([numberOf(row['step']), calls]);
    edges.set(key, edge);
  }
  const nameOf = (service: number) => names.get(service) ?? '(unknown)';
  return {
    nodes: nodes(database, fromMinute, toMinute, [...edges.values()], nameOf),
    edges: [...edges.values()]
      .map((edge) => ({
        caller: nameOf(edge.caller),
        callee: nameOf(edge.callee),
        type: EDGE_TYPES[edge.type] ?? 'call',
        calls: edge.calls,
        errors: edge.errors,
        p50Ms: quantile(edge, 0.5),
        p95Ms: quantile(edge, 0.95),
      }))
      .sort((a, b) => b.calls - a.calls),
  };
}

function nodes(
  database: DatabaseSync,
  fromMinute: number,
  toMinute: number,
  edges: EdgeSum[],
  nameOf: (service: number) => string,
): ServiceGraph['nodes'] {
  const entries = [SPAN_KINDS.indexOf('server'), SPAN_KINDS.indexOf('consumer')];
  const found = new Map<number, ServiceGraph['nodes'][number]>();
  const rows = database
    .prepare(
      `SELECT service, sum(CASE WHEN kind IN (${entries.join(', ')}) THEN spans ELSE 0 END) AS calls,
         sum(CASE WHEN kind IN (${entries.join(', ')}) THEN errors ELSE 0 END) AS errors
       FROM operation_minutes WHERE minute BETWEEN ? AND ? GROUP BY service`,
    )
    .all(fromMinute, toMinute);
  for (const row of rows) {
    const service = numberOf(row['service']);
    found.set(service, {
      name: nameOf(service),
      type: 'service',
      calls: numberOf(row['calls']),
      errors: numberOf(row['errors']),
    });
  }
  for (const edge of edges) {
    if (found.get(edge.callee)?.type === 'service') continue;
    const isDatabase = EDGE_TYPES[edge.type] === 'database';
    const node = found.get(edge.callee) ?? {
      name: nameOf(edge.callee),
      type: isDatabase ? 'database' : 'service',
      calls: 0,
      errors: 0,
    };
    found.set(edge.callee, { ...node, calls: node.calls + edge.calls, errors: node.errors + edge.errors });
  }
  for (const { caller } of edges) {
    if (!found.has(caller)) found.set(caller, { name: nameOf(caller), type: 'service', calls: 0, errors: 0 });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Milliseconds below which that share of the calls took. */
function quantile({ steps, calls }: EdgeSum, share: number): number {
  let seen = 0;
  for (const [step, count] of steps) {
    seen += count;
    if (seen >= share * calls) return durationOfStep(step);
  }
  return 0;
}
