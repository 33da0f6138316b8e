/** k6 as a Job in the cluster: what `make load` starts, in the place of a k6 on this machine, so that requests go the way of the cluster's own. */
import { join } from 'node:path';
import type { LabPaths } from '../../settings/paths.ts';
import type { K6Launch } from '../stack.ts';
import type { Connection } from './kubectl.ts';

export function jobLaunch({ root }: Pick<LabPaths, 'root'>, connection: Connection): K6Launch {
  return {
    version: 'job',
    takesPrecedence: true,
    command: (variables) => ({
      file: process.execPath,
      // The values are read from the environment: they are too long, and too private, for a command line.
      args: [
        join(import.meta.dirname, 'k6-job-main.ts'),
        JSON.stringify(connection),
        Object.keys(variables).join(','),
      ],
      cwd: root,
    }),
    script: '/loadtests/k6/load.ts',
    webUrl: 'http://web.taskmanager:8080',
    prometheusUrl: 'http://prometheus.monitoring:9090',
  };
}
