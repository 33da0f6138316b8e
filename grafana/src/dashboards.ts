/** Every dashboard of the lab, in the order of a list. */
import type { Dashboard } from './build/dashboard.ts';
import { application } from './dashboards/application.ts';
import { database } from './dashboards/database.ts';
import { experiments } from './dashboards/experiments.ts';
import { frontend } from './dashboards/frontend.ts';
import { kubernetes } from './dashboards/kubernetes.ts';
import { labHealth } from './dashboards/lab-health.ts';
import { loadTest } from './dashboards/load-test.ts';
import { logVolume } from './dashboards/logs.ts';
import { nodejs } from './dashboards/nodejs.ts';
import { onCall } from './dashboards/on-call.ts';
import { objectives } from './dashboards/slo.ts';
import { worker } from './dashboards/worker.ts';

export const DASHBOARDS: readonly Dashboard[] = [
  onCall,
  application,
  objectives,
  database,
  frontend,
  nodejs,
  worker,
  logVolume,
  kubernetes,
  loadTest,
  experiments,
  labHealth,
];
