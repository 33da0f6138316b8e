/** Finds what a kustomization forgot: a rule, dashboard, runbook or script that is in no ConfigMap (file-lists.ts). */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import type { KubernetesObject } from '../kubernetes-object.ts';

/** Names the files that a folder gives to the cluster, and the ConfigMaps that hold them. */
const GIVEN: readonly { folder: string; pattern: string; maps: RegExp }[] = [
  { folder: 'prometheus', pattern: 'rules/*.yml', maps: /^prometheus-rules$/ },
  { folder: 'prometheus', pattern: 'targets/kubernetes/probes/*.yml', maps: /^prometheus-probes$/ },
  { folder: 'alertmanager', pattern: 'templates/*.tmpl', maps: /^alertmanager-templates$/ },
  { folder: 'grafana', pattern: 'dashboards/*.json', maps: /^dashboards$/ },
  { folder: 'docs/runbooks', pattern: '*.md', maps: /^runbooks$/ },
  { folder: 'elasticsearch', pattern: '*.{sh,json}', maps: /^elasticsearch-setup$/ },
  { folder: 'kibana', pattern: '*.{sh,json,ndjson}', maps: /^kibana-setup$/ },
  { folder: 'loadtests', pattern: '{k6,journeys}/*.ts', maps: /^loadtests$/ },
];

/** Returns a line for each file that no ConfigMap has. */
export function unlistedFiles(objects: readonly KubernetesObject[], root: string): string[] {
  return GIVEN.flatMap(({ folder, pattern, maps }) => {
    const keys = new Set(
      objects
        .filter(({ kind, metadata }) => kind === 'ConfigMap' && maps.test(metadata.name))
        .flatMap(({ data }) => Object.keys(data ?? {})),
    );
    return globSync(pattern, { cwd: `${root}/${folder}` })
      .filter((file) => !keys.has(basename(file)))
      .sort()
      .map(
        (file) =>
          `${folder}/${file}: expected its name in ${folder}/kustomization.yaml: run \`npm run generate -w @lab/kubernetes\`, or add it there`,
      );
  });
}
