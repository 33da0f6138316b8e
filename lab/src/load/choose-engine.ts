/** k6 where there is one (on PATH, built by `make tools`, or brought by the driver), else the lab's own engine. */
import { join } from 'node:path';
import { readObjectives } from '@lab/prometheus';
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Stack } from '../stack/stack.ts';
import type { Engine } from './engine.ts';
import { findK6 } from './find-k6.ts';
import { k6Engine } from './k6-engine.ts';
import { ownEngine } from './own-engine.ts';
import { judgedObjectives } from './verdict.ts';

export type EngineWish = 'k6' | 'own' | undefined;

export interface ChooseOptions {
  wish: EngineWish;
  stack: { addresses: Pick<Stack['addresses'], 'web' | 'prometheus'>; traits: Pick<Stack['traits'], 'k6'> };
  paths: Pick<LabPaths, 'root' | 'tools'>;
  progress(line: string): void;
}

/** @throws CannotRun where k6 is insisted on and cannot be had. */
export async function chooseEngine({ wish, stack, paths, progress }: ChooseOptions): Promise<Engine> {
  const { web, prometheus } = stack.addresses;
  const own = ownEngine(prometheus);
  const { k6 } = stack.traits;
  if (wish === 'own') return own;
  if (k6?.takesPrecedence) return k6Engine(k6, judgedObjectives(readObjectives()));
  const found = await findK6({ toolsFolder: paths.tools });
  if (!Array.isArray(found))
    return k6Engine(
      {
        version: found.version,
        command: () => ({ file: found.path, args: [], cwd: paths.root }),
        script: join(paths.root, 'loadtests', 'k6', 'load.ts'),
        webUrl: web,
        prometheusUrl: prometheus,
      },
      judgedObjectives(readObjectives()),
    );
  const why = found.join('; ') || 'k6 is neither on PATH nor in .lab/tools';
  const cure =
    '`make tools` builds it where Go is installed; https://grafana.com/docs/k6 says where else to get it';
  if (k6) return k6Engine(k6, judgedObjectives(readObjectives()));
  if (wish === 'k6') throw new CannotRun(`${why}: ${cure}`);
  progress(`no k6 (${why}), so the same journeys run on the lab’s own engine; ${cure}`);
  return own;
}
