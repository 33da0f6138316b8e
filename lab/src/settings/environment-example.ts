/** Writes down every variable that `.env` may hold, with its default: the text of `.env.example`. */
import type { Manifest } from '@lab/manifest';
import { portsOfMode, SECRET_NAMES, SECRET_PURPOSES } from './variables.ts';

const WIDTH = 111;

/** The whole file, made of the manifest and the list of secrets. */
export function environmentExample(manifest: Manifest): string {
  const [lite, full] = [portsOfMode('lite', manifest), portsOfMode('full', manifest)];
  const ports = manifest.ports.map(({ variable, purpose, default: port }) => {
    const only = lite.includes(variable) ? (full.includes(variable) ? '' : ' (lite mode)') : ' (full mode)';
    return `# ${purpose}${only}\n# ${variable}=${port}`;
  });
  return [
    `# Every variable that .env may hold, with its default. \`make env\` (and the first \`make up\`) writes .env with fresh
# secrets; copy a line from here into it to change a default. Variables of the shell win over .env.
# This file is generated from compose.yaml: \`npm run env-example -w lab\`.

# Mode: lite (local processes) or full (Docker Compose); unset: what this machine can run.
# MODE=
`,
    heading('Full mode only'),
    `# who shows the logs: kibana, or grafana, which leaves Kibana out (1 GB less)
# LOGS_UI=kibana
# the same for a plain \`docker compose up\`: 0 leaves Kibana out
# KIBANA_REPLICAS=1
# 0 leaves Grafana out: the console draws the same dashboards
# GRAFANA_REPLICAS=1
# host, on Linux: node-exporter and cAdvisor, scraped too
# COMPOSE_PROFILES=
`,
    heading('Ports, all on 127.0.0.1'),
    ...ports,
    '',
    heading('Secrets: written for you, at least 16 printable characters without blanks'),
    ...SECRET_NAMES.map((name) => `# ${SECRET_PURPOSES[name]}\n# ${name}=`),
    '',
  ].join('\n');
}

function heading(text: string): string {
  return `# ── ${text} `.padEnd(WIDTH, '─');
}
