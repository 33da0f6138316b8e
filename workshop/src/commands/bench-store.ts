/** `workshop bench-store`: what the console's store takes in and how fast it finds, as one JSON object. */
import type { Command } from '@lab/cli';
import { measureStore } from '../store-bench/store.ts';
import { whole } from '../whole.ts';

export const benchStore: Command = {
  name: 'bench-store',
  summary: 'how fast the console’s store takes in and finds log lines and spans',
  options: {
    records: { kind: 'value', summary: 'log lines; default 1000000' },
    spans: { kind: 'value', summary: 'default 300000' },
  },
  async run({ output, options, signal }) {
    const size = { records: whole(options, 'records', 1_000_000), spans: whole(options, 'spans', 300_000) };
    output.result(JSON.stringify(await measureStore(size, output.progress, signal), null, 2));
  },
};
