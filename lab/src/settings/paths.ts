/** Where everything of one lab lies: all of it inside its checkout, so that two checkouts run side by side. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

export interface LabPaths {
  /** The checkout. */
  root: string;
  /** Everything generated at run time: `.lab`, or LAB_STATE_DIR, which lets tests run a second lab from one checkout. */
  lab: string;
  environmentFile: string;
  /** Unpacked tools; LAB_TOOLS_DIR shares one folder between labs. */
  tools: string;
  run: string;
  logs: string;
  applicationLogs: string;
  data: string;
  secrets: string;
  cache: string;
  /** What Prometheus and Alertmanager read in lite: rendered from the checkout's sources. */
  prometheus: string;
  alertmanager: string;
  reports: string;
  /** Marks this lab's processes: short and derived from the folder, so it survives lost state. */
  id: string;
}

const CHECKOUT = resolve(import.meta.dirname, '../../..');

/** @param environment reads LAB_STATE_DIR and LAB_TOOLS_DIR. */
export function labPaths(environment: NodeJS.ProcessEnv = process.env, root = CHECKOUT): LabPaths {
  const lab = resolve(root, environment['LAB_STATE_DIR'] || '.lab');
  return {
    root,
    lab,
    environmentFile: environment['LAB_STATE_DIR'] ? join(lab, '.env') : join(root, '.env'),
    tools: environment['LAB_TOOLS_DIR'] ? resolve(root, environment['LAB_TOOLS_DIR']) : join(lab, 'tools'),
    run: join(lab, 'run'),
    logs: join(lab, 'logs'),
    applicationLogs: join(lab, 'logs', 'app'),
    data: join(lab, 'data'),
    secrets: join(lab, 'secrets'),
    cache: join(lab, 'cache'),
    prometheus: join(lab, 'prometheus'),
    alertmanager: join(lab, 'alertmanager'),
    reports: environment['LAB_STATE_DIR'] ? join(lab, 'reports') : join(root, 'reports'),
    id: createHash('sha256').update(lab).digest('hex').slice(0, 16),
  };
}
