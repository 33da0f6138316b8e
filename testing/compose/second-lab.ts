/** A lab besides the one under test, started by `lab up` as by a person: project, ports and folder of its own. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { type LabPaths, labPaths, loadSettings, type Settings } from '@lab/cli';
import { ROOT } from '@lab/manifest';
import { labCommand } from './lab-command.ts';
import { ownLab } from './own-lab.ts';
import { docker } from './subject.ts';

/** Disposing of it is `lab clean`, also after an interruption; a second time does nothing. */
export interface SecondLab extends AsyncDisposable {
  project: string;
  paths: LabPaths;
  settings: Settings;
  /** Runs `lab` with these arguments in this lab. */
  run(...args: string[]): ReturnType<typeof labCommand>;
}

/**
 * @param letter tells its project from the one under test.
 * @param root the checkout that is started; default: this one.
 * @throws AssertionError where `lab up` fails, which reads every signal back.
 */
export async function startSecondLab(
  letter: string,
  { signal, root = ROOT }: { signal: AbortSignal; root?: string },
): Promise<SecondLab> {
  const { project, folder, variables } = await ownLab(`${process.env['COMPOSE_PROJECT_NAME']}${letter}`);
  const run = (...args: string[]) => labCommand(args, { variables, signal, root });
  let removed = false;
  const remove = async () => {
    if (removed) return;
    removed = true;
    const { code } = await labCommand(['clean'], { variables, root, signal: new AbortController().signal });
    assert.equal(code, 0, `\`lab clean\` of ${project}, whose folder is ${folder}`);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    assert.equal((await run('up')).code, 0, '`lab up` of the second lab, which reads every signal back');
    const environment = { ...process.env, ...variables };
    const paths = labPaths(environment, root);
    const settings = await loadSettings(paths, environment);
    return { project, paths, settings, run, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @throws AssertionError naming what a project that was removed has left. */
export function assertNothingLeft(project: string): void {
  const label = `label=com.docker.compose.project=${project}`;
  for (const kind of [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ])
    assert.equal(docker(...kind, '--quiet', '--filter', label), '', `left by \`lab clean\`: ${kind[0]}`);
}
