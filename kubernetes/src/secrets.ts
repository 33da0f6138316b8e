/** The Secrets that the manifests name, and what each holds. They are made of .env and never stand in a file of the checkout. */

/** A Secret as `kubectl apply` takes it. */
export interface SecretObject {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  stringData: Record<string, string>;
}

/** A key is named after the variable of .env, and holds its value. */
const FROM_ENVIRONMENT = [
  {
    namespace: 'taskmanager',
    name: 'taskmanager-secrets',
    keys: [
      'FAULTS_TOKEN',
      'POSTGRES_EXPORTER_PASSWORD',
      'POSTGRES_SUPERUSER_PASSWORD',
      'SESSION_SECRET',
      'TASKMANAGER_APP_DB_PASSWORD',
      'TASKMANAGER_DB_PASSWORD',
    ],
  },
  { namespace: 'monitoring', name: 'monitoring-secrets', keys: ['GRAFANA_ADMIN_PASSWORD', 'LAB_TOKEN'] },
] as const;

/** A key is named after the file that Alertmanager reads; it holds the address of one Slack channel's webhook. */
const FROM_SLACK_FILES = {
  namespace: 'monitoring',
  name: 'alertmanager-slack',
  keys: ['slack-alerts-url', 'slack-critical-alerts-url'],
} as const;

export type SecretVariable = (typeof FROM_ENVIRONMENT)[number]['keys'][number];
export type SlackFile = (typeof FROM_SLACK_FILES)['keys'][number];

/** Names the keys of each Secret, for tests and for a person who makes them by hand. */
export const SECRET_KEYS: readonly { namespace: string; name: string; keys: readonly string[] }[] = [
  ...FROM_ENVIRONMENT,
  FROM_SLACK_FILES,
];

/**
 * Makes the Secrets.
 * @param variables values of .env.
 * @param slack addresses by file name, as Alertmanager in the cluster reaches them; the lab's own inbox is `http://console:8000/hooks/slack/…`.
 */
export function secretsOf(
  variables: Readonly<Record<SecretVariable, string>>,
  slack: Readonly<Record<SlackFile, string>>,
): SecretObject[] {
  return [
    ...FROM_ENVIRONMENT.map(({ namespace, name, keys }) =>
      secret(namespace, name, Object.fromEntries(keys.map((key) => [key, variables[key]]))),
    ),
    secret(FROM_SLACK_FILES.namespace, FROM_SLACK_FILES.name, { ...slack }),
  ];
}

function secret(namespace: string, name: string, stringData: Record<string, string>): SecretObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'observability-lab' } },
    stringData,
  };
}
