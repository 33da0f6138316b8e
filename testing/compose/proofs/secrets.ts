/** Looks for the secrets of this lab, as they were generated, where none may be: in images, logs and traces. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { imagesOf, readCompose } from '@lab/manifest';
import type { Settings } from '../../../lab/src/settings/settings.ts';
import type { FullStack } from '../../../lab/src/stack/full/stack.ts';

const SERVICES_TRACED = ['taskmanager-web', 'taskmanager-api', 'taskmanager-worker'];

/** Numbers of secrets that were found somewhere; each secret once a kind of place. */
export async function secretsFound(
  stack: FullStack,
  settings: Settings,
  containerId: (part: string) => string,
  signal: AbortSignal,
): Promise<
  Record<'secrets_searched' | 'secrets_in_images' | 'secrets_in_logs' | 'secrets_in_traces', number>
> {
  const secrets = Object.values(settings.secrets);
  const folder = await mkdtemp(join(tmpdir(), 'lab-secrets-'));
  const patterns = join(folder, 'patterns');
  const foundBy = (...commands: string[]) => matches(commands, patterns);
  try {
    await writeFile(patterns, `${secrets.join('\n')}\n`, { mode: 0o600 });
    const ours = imagesOf(readCompose()).filter((image) => /taskmanager-|lab-console/.test(image));
    const images = await foundBy(
      ...ours.flatMap((image) => [`docker save ${image}`, `docker history --no-trunc ${image}`]),
    );
    const logs = await foundBy(
      ...stack.parts.map((part) => `docker logs ${containerId(part)} 2>&1`),
      `docker exec ${containerId('api')} sh -c 'cat /var/log/taskmanager/*'`,
    );
    let traces = 0;
    if (stack.parts.includes('jaeger')) {
      const answers = await Promise.all(
        SERVICES_TRACED.map(async (service) => {
          const query = `service=${service}&limit=500&lookback=3h`;
          const url = `http://127.0.0.1:${settings.ports.JAEGER_PORT}/api/traces?${query}`;
          return (await fetch(url, { signal })).text();
        }),
      );
      traces = secrets.filter((secret) => answers.some((answer) => answer.includes(secret))).length;
    }
    return {
      secrets_searched: secrets.length,
      secrets_in_images: images,
      secrets_in_logs: logs,
      secrets_in_traces: traces,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** How many different secrets stand in what the commands print. */
async function matches(commands: readonly string[], patterns: string): Promise<number> {
  const found = new Set<string>();
  for (const command of commands) {
    const script = `set -o pipefail; { ${command}; } | { grep -a -o -h -F -f ${patterns} || [ $? = 1 ]; } | sort -u`;
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    // What could not be read was not searched.
    if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
    for (const line of output.split('\n').filter((each) => each !== '')) found.add(line);
  }
  return found.size;
}
