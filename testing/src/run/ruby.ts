/** Sees to a Ruby for Fluentd's test double, which the unit tests run outside its image (workshop/test/follower.test.ts). */
import { spawnSync } from 'node:child_process';
import { installDebian } from './debian-package.ts';

/** @throws Error with the cure where there is none. */
export async function ensureRuby(): Promise<void> {
  const found = () => spawnSync('ruby', ['--version'], { stdio: 'ignore' }).status === 0;
  if (found() || ((await installDebian(['ruby'])) && found())) return;
  throw new Error('no ruby on the PATH: install Ruby 3 (Debian: apt-get install ruby)');
}
