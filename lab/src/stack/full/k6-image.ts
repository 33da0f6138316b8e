/** k6 from its image: service `k6` of compose.yaml, inside the lab's networks, so it knows the parts by their names there. */
import type { LabPaths } from '../../settings/paths.ts';
import type { K6Launch } from '../stack.ts';

export function imageLaunch({ root, environmentFile }: Pick<LabPaths, 'root' | 'environmentFile'>): K6Launch {
  return {
    version: 'image',
    command: (variables) => ({
      file: 'docker',
      // The values are passed on from docker's own environment: they are too long, and too private, for a command line.
      args: [
        'compose',
        '--env-file',
        environmentFile,
        '--project-directory',
        root,
        'run',
        '--rm',
        '--no-deps',
        '--no-TTY',
        ...Object.keys(variables).flatMap((name) => ['--env', name]),
        'k6',
      ],
      cwd: root,
    }),
    script: '/loadtests/k6/load.ts',
    webUrl: 'http://web:8080',
    prometheusUrl: 'http://prometheus:9090',
  };
}
