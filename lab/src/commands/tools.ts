/** `lab tools`: fetch what lite mode needs now, so that later starts work offline; say what is where. */
import type { Command } from '../cli/command.ts';
import { table } from '../cli/output.ts';
import { TOOL_NAMES } from '../tools/catalogue.ts';
import { ensureTools } from '../tools/ensure-tools.ts';

export const tools: Command = {
  name: 'tools',
  summary: 'find or fetch the programs that lite mode needs',
  async run({ paths, output }) {
    const found = await ensureTools({ toolsFolder: paths.tools, progress: output.progress });
    const rows = TOOL_NAMES.map((name) => {
      const tool = found[name];
      return tool
        ? [name, `${tool.version.join('.')}`, tool.executables.join(', ')]
        : [name, '-', 'not found'];
    });
    for (const line of table([['tool', 'version', 'where'], ...rows])) output.result(line);
  },
};
