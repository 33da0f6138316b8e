import { execFile } from 'node:child_process';

export interface Outcome {
  code: number;
  output: string;
}

/** promtool makes much garbage in little memory: collecting it a quarter as often saves a sixth of the time. */
const env = { ...process.env, GOGC: '400' };

/** Runs a program to its end and gives what it said; a non-zero exit is an outcome, not an error. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) resolve({ code: 0, output });
      else if (typeof error.code === 'number') resolve({ code: error.code, output });
      else reject(new Error(`${program} could not be run`, { cause: error }));
    });
  });
}
