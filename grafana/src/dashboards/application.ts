import { alertsFiring } from '../build/annotations.ts';
import { dashboard, section } from '../build/dashboard.ts';
import * as database from '../panels/database-operations.ts';
import * as http from '../panels/http.ts';
import * as memory from '../panels/memory.ts';
import * as runtime from '../panels/runtime.ts';
import * as sessions from '../panels/sessions.ts';

/** For whoever develops and runs the task manager: what users get, endpoint by endpoint, and what it takes. */
export const application = dashboard({
  uid: 'application',
  title: 'Application',
  description: 'What users of the task manager get, what it costs the database, and what the processes use.',
  alerts: alertsFiring('service=~"taskmanager-api|taskmanager-web"'),
  variables: [
    {
      name: 'route',
      label: 'Endpoint',
      selector: 'http_requests_total{job="taskmanager-backend"}',
      of: 'route',
    },
  ],
  next: { slo: 'SLO', database: 'Database', nodejs: 'Node.js' },
  sections: [
    section('', [
      http.requestRate,
      http.errorShare,
      http.durationNow,
      database.operationNow,
      sessions.sessions,
      http.inFlight,
    ]),
    section('Requests', [http.rateByEndpoint, http.errorRate]),
    section('Duration', [http.durations, http.distribution, http.durationByEndpoint, http.endpoints]),
    section('Database', [database.operationDurations, database.operationRate]),
    section('System', [runtime.cpuOfServices, memory.memoryOfServices, runtime.lagOfServices]),
    section('Sessions and connections', [sessions.sessionsOverTime, database.pool]),
    section('Against the last hour', [http.rateBand, http.latencyBand]),
  ],
});
