/** Reads Fluentd's configuration format far enough for our files: sections, parameters, comments, included files. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Section {
  name: string;
  argument: string;
  parameters: Record<string, string>;
  sections: Section[];
}

/** Reads a file with what it includes, each taken from beside the file that names it. */
export function readFluentdConfiguration(path: string): Section[] {
  return parseFluentdConfiguration(withIncludes(path));
}

function withIncludes(path: string): string {
  return readFileSync(path, 'utf8').replaceAll(/^@include (\S+)$/gm, (_, file: string) =>
    withIncludes(join(dirname(path), file)),
  );
}

/** @throws Error naming the line for a section that is not closed, or closed by another name. */
export function parseFluentdConfiguration(text: string): Section[] {
  const root: Section = { name: '', argument: '', parameters: {}, sections: [] };
  const open = [root];
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const current = open.at(-1) ?? root;
    const [, closed] = /^<\/(\w+)>$/.exec(line) ?? [];
    const [, name, argument = ''] = /^<(\w+)\s*(.*)>$/.exec(line) ?? [];
    if (closed !== undefined) {
      if (open.length === 1 || current.name !== closed)
        throw new Error(`line ${index + 1}: </${closed}> closes <${current.name}>`);
      open.pop();
    } else if (name !== undefined) {
      const section: Section = { name, argument, parameters: {}, sections: [] };
      current.sections.push(section);
      open.push(section);
    } else {
      const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
      if (key in current.parameters) throw new Error(`line ${index + 1}: ${key} stands twice`);
      current.parameters[key] = value;
    }
  });
  if (open.length > 1) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return root.sections;
}
