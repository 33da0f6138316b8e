/**
 * Has the promtool of this stack's Prometheus image read prometheus.yml and all rules, and run all rule tests. `make test` does the
 * same with Debian's 2.42; both have to accept them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@lab/cli';
import { ROOT } from '@lab/manifest';
import { parse } from 'yaml';
import { neededImage } from '../images.ts';

const INSIDE = '/checked/prometheus';
/** The slow burn rates' tests go through days. */
const TESTS_TIMEOUT_MS = 15 * 60_000;

export interface CheckedRules {
  version: string;
  rule_files_checked: number;
  rule_test_files_passed: number;
  rule_tests_passed: number;
}

/**
 * @param root the checkout; default: this one.
 * @param testsOf ending of the names of the test files; default: all.
 * @throws Error with promtool's words.
 */
export async function checkRules(
  signal: AbortSignal,
  { root = ROOT, testsOf = '.test.yml' }: { root?: string; testsOf?: string } = {},
): Promise<CheckedRules> {
  const folder = join(root, 'prometheus');
  const rules = filesIn(folder, 'rules', '.yml');
  const tests = filesIn(folder, 'tests', testsOf);
  const promtool = async (args: readonly string[], timeoutMs = 60_000) => {
    const mount = `type=bind,source=${folder},target=${INSIDE},readonly`;
    const walls = ['--network', 'none', '--read-only', '--tmpfs', '/tmp', '--user', '65534:65534'];
    const run = ['run', '--rm', ...walls, '--mount', mount, '--entrypoint', 'promtool'];
    const { stdout, stderr } = await runCommand('docker', [...run, neededImage('prometheus'), ...args], {
      timeoutMs,
      signal,
    });
    return `${stdout}\n${stderr}`;
  };
  const [, version = 'unknown'] = /version (\S+)/.exec(await promtool(['--version'])) ?? [];
  await promtool(['check', 'config', `${INSIDE}/prometheus.yml`]);
  await promtool(['check', 'rules', ...rules]);
  const said = await promtool(['test', 'rules', ...tests], TESTS_TIMEOUT_MS);
  const passed = said.split('SUCCESS').length - 1;
  if (passed !== tests.length)
    throw new Error(`expected SUCCESS of ${tests.length} files of rule tests, got ${passed}:\n${said}`);
  return {
    version,
    rule_files_checked: rules.length,
    rule_test_files_passed: passed,
    rule_tests_passed: tests.reduce((sum, file) => sum + casesIn(file.replace(INSIDE, folder)), 0),
  };
}

/** Names of files of one folder of `prometheus/`, as promtool sees them. */
function filesIn(prometheus: string, folder: string, ending: string): string[] {
  const names = readdirSync(join(prometheus, folder)).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => `${INSIDE}/${folder}/${name}`);
}

function casesIn(file: string): number {
  return (parse(readFileSync(file, 'utf8')) as { tests: unknown[] }).tests.length;
}
