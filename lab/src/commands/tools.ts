/** `lab tools`: fetch what lite mode needs now, so that later starts work offline; say what is where. */
import type { Command } from '../cli/command.ts';
import { table } from '../cli/output.ts';
import { ensureK6 } from '../load/build-k6.ts';
import { TOOL_NAMES } from '../tools/catalogue.ts';
import { ensureTools } from '../tools/ensure-tools.ts';

export const tools: Command = {
  name: 'tools',
  summary: 'find or fetch the programs that lite mode needs',
  options: { k6: { kind: 'flag', summary: 'also k6 for `make load`, built with Go where Go is' } },
  async run({ paths, output, options }) {
    const found = await ensureTools({ toolsFolder: paths.tools, progress: output.progress });
    const rows = TOOL_NAMES.map((name) => {
      const tool = found[name];
      return tool
        ? [name, `${tool.version.join('.')}`, tool.executables.join(', ')]
        : [name, '-', 'not found'];
    });
    if (options['k6']) {
      const k6 = await ensureK6(paths, output.progress);
      rows.push(typeof k6 === 'string' ? ['k6', '-', k6] : ['k6', k6.version, k6.path]);
    }
    for (const line of table([['tool', 'version', 'where'], ...rows])) output.result(line);
  },
};
