import type { Command } from '../cli/command.ts';
export const measure: Command = { name: 'measure', summary: 'TODO', async run() {} };
