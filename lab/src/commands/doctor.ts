import type { Command } from '../cli/command.ts';
export const doctor: Command = { name: 'doctor', summary: 'TODO', async run() {} };
