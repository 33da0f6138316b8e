/** `workshop bench-store`: what the console's store takes in and how fast it finds, as one JSON object. */
import { CannotRun, type Command } from '@lab/cli';
import { measureStore } from '../store-bench/store.ts';

export const benchStore: Command = {
  name: 'bench-store',
  summary: 'how fast the console’s store takes in and finds log lines and spans',
  options: {
    records: { kind: 'value', summary: 'log lines; default 1000000' },
    spans: { kind: 'value', summary: 'default 300000' },
  },
  async run({ output, options, signal }) {
    const count = (name: string, usual: number) => {
      const value = Number(options[name] ?? usual);
      if (!Number.isInteger(value) || value < 1)
        throw new CannotRun(`--${name}: expected a whole number from 1, received ${options[name]}`);
      return value;
    };
    const size = { records: count('records', 1_000_000), spans: count('spans', 300_000) };
    output.result(JSON.stringify(await measureStore(size, output.progress, signal), null, 2));
  },
};
