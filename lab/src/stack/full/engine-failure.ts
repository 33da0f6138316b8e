/** Why `docker` got no answer from its engine, and what to do about it: told by `up` and by `doctor`. */
import { describeError } from '../../cli/failure.ts';

export interface EngineFailure {
  /** In docker's own words, as far as they say anything. */
  said: string;
  cure: string;
}

/** @param error what running a `docker` command threw, its output in the message. */
export function engineFailure(error: unknown): EngineFailure {
  const lines = describeError(error).split('\n');
  const said = lines.find((line) => /daemon|denied/i.test(line));
  // EACCES: the engine may well run. The group counts from the next login on.
  if (/permission denied/i.test(said ?? ''))
    return {
      said: said ?? '',
      cure: 'this user may not use Docker: `sudo usermod -aG docker $USER`, then log out and in again',
    };
  if (said !== undefined)
    return { said, cure: 'nobody listens there: start Docker (`sudo systemctl start docker`)' };
  if (/ENOENT/.test(lines.join(' ')))
    return { said: 'docker is not installed', cure: 'install Docker Engine, or take `MODE=lite`' };
  return { said: lines.at(-1) ?? '', cure: 'start Docker' };
}
