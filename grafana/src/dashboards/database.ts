import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as panels from '../panels/database.ts';
import * as services from '../panels/database-operations.ts';

/** For whoever runs Postgres: how it serves the services, what it is busy with, what gets in its way. */
export const database = dashboard({
  uid: 'database',
  title: 'Database',
  description: 'How Postgres serves the services, what it is busy with, and what gets in its way.',
  alerts: alertsFiring('service="postgres"', 'database-slow'),
  next: { application: 'Application', worker: 'Worker', 'on-call': 'On call' },
  sections: [
    section('', [
      panels.databaseUp,
      services.operationNow,
      panels.connectionsUsed,
      panels.cacheHits,
      panels.longestTransaction,
      panels.databaseSize,
    ]),
    section('As the services feel it', [
      services.operationDurations,
      services.operationDistribution,
      services.operationRate,
      services.operationErrors,
      services.pool,
      services.operations,
    ]),
    section('As it sees itself', [
      panels.connectionsByState,
      panels.transactions,
      panels.locks,
      panels.deadlocks,
      panels.rows,
      panels.blocks,
    ]),
    section('Reachable', [panels.probes, services.meanOperation]),
  ],
});
