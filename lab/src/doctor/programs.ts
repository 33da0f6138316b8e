/** Checks of programs beside the lab: container engine, Compose, browser, tools. */
import type { Manifest } from '@lab/manifest';
import { findBrowser } from '../browser/find-browser.ts';
import { runCommand } from '../process/run-command.ts';
import { engineFailure } from '../stack/full/engine-failure.ts';
import { TOOL_NAMES, TOOLS } from '../tools/catalogue.ts';
import { hasDebianTools } from '../tools/debian-packages.ts';
import { findAll } from '../tools/ensure-tools.ts';
import { bad, type Finding, good, note } from './check.ts';

const ENGINE = '20.10';
const COMPOSE = '2.24';

export async function checkEngine(): Promise<Finding> {
  const cure = `full mode needs a running Docker Engine ${ENGINE} or newer; lite needs none`;
  try {
    const { stdout } = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], {
      timeoutMs: 8_000,
    });
    const version = stdout.trim();
    return isAtLeast(version, ENGINE)
      ? good('container engine', version)
      : note('container engine', version || 'no answer', cure);
  } catch (error) {
    const { said, cure: first } = engineFailure(error);
    return note('container engine', `\`docker info\` does not answer: ${said}`, `${first}; ${cure}`);
  }
}

export async function checkCompose(): Promise<Finding> {
  const cure = `full mode needs Compose ${COMPOSE} or newer as a plugin of docker; lite needs none`;
  try {
    const { stdout } = await runCommand('docker', ['compose', 'version', '--short'], { timeoutMs: 8_000 });
    const version = stdout.trim().replace(/^v/, '');
    return isAtLeast(version, COMPOSE) ? good('Compose', version) : note('Compose', version, cure);
  } catch {
    // No docker, or a docker without the plugin, whose own words are its help text.
    return note('Compose', '`docker compose` is not there', cure);
  }
}

export function checkBrowser(environment: NodeJS.ProcessEnv = process.env): Finding {
  const found = findBrowser(environment);
  if (found) return good('browser', found);
  return note(
    'browser',
    'no Chromium found',
    'end-to-end tests, pictures and real browser telemetry need one: apt-get install chromium',
  );
}

/** @param parts of the manifest, whose tools are looked for. */
export async function checkTools(toolsFolder: string, parts: Manifest['parts']): Promise<Finding[]> {
  const { found, missing } = await findAll({ toolsFolder });
  const wanted = TOOL_NAMES.filter((name) => parts.some(({ lite }) => lite?.tool === name));
  return wanted.map((name) => {
    const tool = found[name];
    if (tool) return good(name, `${tool.version.join('.')}, ${tool.executables[0]}`);
    const rejected = missing.find((each) => each.name === name)?.rejected ?? [];
    const detail = rejected.map(({ reason }) => reason).join('; ') || 'not found';
    if (hasDebianTools()) return note(name, detail, '`make up` or `make tools` fetches it, without root');
    const cure = 'install it from https://prometheus.io/download and put it on PATH';
    return TOOLS[name].optional ? note(name, detail, cure) : bad(name, detail, cure);
  });
}

/** Compares the first numbers of two versions. */
function isAtLeast(version: string, wanted: string): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  for (const [index, part] of wanted.split('.').map(Number).entries()) {
    const have = numbers[index] ?? 0;
    if (have !== part) return have > part;
  }
  return true;
}
