import { expect, it } from 'vitest';
import { readManifests, SECRET_KEYS, secretsOf } from '../src/index.ts';

const objects = readManifests();

it('names exactly the Secrets and keys that the manifests ask for', () => {
  const asked = objects.flatMap(({ metadata, spec }) => {
    const pod = spec?.template?.spec;
    const variables = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    );
    const keys = variables.map(({ name, key }) => `${metadata.namespace}/${name}/${key}`);
    const whole = (pod?.volumes ?? []).flatMap(({ secret }) => secret?.secretName ?? []);
    return [...keys, ...whole.map((name) => `${metadata.namespace}/${name}/*`)];
  });
  const named = SECRET_KEYS.flatMap(({ namespace, name, keys }) =>
    asked.includes(`${namespace}/${name}/*`)
      ? [`${namespace}/${name}/*`]
      : keys.map((key) => `${namespace}/${name}/${key}`),
  );
  expect(named.sort()).toEqual([...new Set(asked)].sort());
});

it('has no value of a secret in a manifest', () => {
  expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
});

it('puts each variable under its own name into the Secret that needs it', () => {
  const variables = {
    FAULTS_TOKEN: 'faults',
    GRAFANA_ADMIN_PASSWORD: 'grafana',
    LAB_TOKEN: 'lab',
    POSTGRES_EXPORTER_PASSWORD: 'exporter',
    POSTGRES_SUPERUSER_PASSWORD: 'superuser',
    SESSION_SECRET: 'session',
    TASKMANAGER_APP_DB_PASSWORD: 'app',
    TASKMANAGER_DB_PASSWORD: 'owner',
  };
  const slack = { 'slack-alerts-url': 'http://one', 'slack-critical-alerts-url': 'http://two' };
  const made = secretsOf(variables, slack);
  expect(made.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    'taskmanager/taskmanager-secrets',
    'monitoring/monitoring-secrets',
    'monitoring/alertmanager-slack',
  ]);
  expect(made[0]?.stringData).toEqual({
    FAULTS_TOKEN: 'faults',
    POSTGRES_EXPORTER_PASSWORD: 'exporter',
    POSTGRES_SUPERUSER_PASSWORD: 'superuser',
    SESSION_SECRET: 'session',
    TASKMANAGER_APP_DB_PASSWORD: 'app',
    TASKMANAGER_DB_PASSWORD: 'owner',
  });
  expect(made[1]?.stringData).toEqual({ GRAFANA_ADMIN_PASSWORD: 'grafana', LAB_TOKEN: 'lab' });
  expect(made[2]?.stringData).toEqual(slack);
});
