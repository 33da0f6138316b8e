import type { Command } from '../cli/command.ts';
export const bundle: Command = { name: 'bundle', summary: 'TODO', async run() {} };
