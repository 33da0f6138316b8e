/** A kubectl that answers as it is told and remembers what it was asked: a tiny real program. */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { Kubectl } from '../../src/stack/kubernetes/kubectl.ts';

/** What it answers to a command line that holds all these words. */
export interface Answer {
  to: string;
  stdout?: unknown;
  stderr?: string;
  exitCode?: number;
}

export interface FakeKubectl extends AsyncDisposable {
  kubectl: Kubectl;
  /** Path of the program. */
  file: string;
  /** The command lines so far, without the context, with what came on standard input. */
  calls(): Promise<{ args: string; input: string }[]>;
}

const PROGRAM = `#!NODE
const { appendFileSync, readFileSync, fstatSync } = require('node:fs');
const answers = JSON.parse(readFileSync(__dirname + '/answers.json', 'utf8'));
const args = process.argv.slice(2).filter((each, index, all) => each !== '--context' && all[index - 1] !== '--context');
const stdin = fstatSync(0);
const input = stdin.isFIFO() || stdin.isSocket() ? readFileSync(0, 'utf8') : '';
appendFileSync(__dirname + '/calls.jsonl', JSON.stringify({ args: args.join(' '), input }) + '\\n');
const line = args.join(' ');
const found = answers.find(({ to }) => to.split(' ').every((word) => line.includes(word)));
if (found?.stderr) process.stderr.write(found.stderr + '\\n');
const { stdout = '' } = found ?? {};
process.stdout.write(typeof stdout === 'string' ? stdout : JSON.stringify(stdout));
process.exitCode = found?.exitCode ?? 0;
`;

/** @param answers the first that fits is given; without one it says nothing and succeeds. */
export async function fakeKubectl(answers: readonly Answer[] = []): Promise<FakeKubectl> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'kubectl.cjs');
  await writeFile(join(folder.path, 'answers.json'), JSON.stringify(answers));
  await writeFile(file, PROGRAM.replace('NODE', process.execPath));
  await chmod(file, 0o755);
  return {
    file,
    kubectl: new Kubectl({ kubectl: file, kubeconfig: undefined, context: 'kind-lab' }),
    async calls() {
      const text = await readFile(join(folder.path, 'calls.jsonl'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
