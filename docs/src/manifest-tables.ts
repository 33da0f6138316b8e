/**
 * Tables of ports and memory limits in the documents, made from compose.yaml. A table stands between `<!-- manifest NAME -->` and
 * `<!-- /manifest -->`.
 */
import { type Manifest, mebibytes, type Part, type PortOfPart, readManifest } from '@lab/manifest';

const TABLES: Readonly<Record<string, (manifest: Manifest) => string[][]>> = {
  ports: ({ parts, ports, part }) => [
    ['what listens on 127.0.0.1', 'port', 'changed by', 'modes'],
    ...ports.map((port) => [
      port.purpose === part(port.part).title ? port.purpose : `${part(port.part).title}: ${port.purpose}`,
      String(port.default),
      `\`${port.variable}\``,
      modesOf(port, parts),
    ]),
  ],
  memory: ({ parts }) => [
    ['part', 'memory limit in full mode', 'started'],
    ...parts.map((part) => [part.title, `${mebibytes(part.compose.mem_limit)} MiB`, startedBy(part)]),
  ],
};

/** Writes the tables of a document anew. @throws Error for a table of an unknown name. */
export function withManifestTables(text: string, manifest?: Manifest): string {
  return text.replaceAll(
    /<!-- manifest (\w+) -->[\s\S]*?<!-- \/manifest -->/g,
    (_, name: string) =>
      `<!-- manifest ${name} -->\n\n${table(name, manifest ?? readManifest())}\n\n<!-- /manifest -->`,
  );
}

function table(name: string, manifest: Manifest): string {
  const [head = [], ...rows] = TABLES[name]?.(manifest) ?? [];
  if (rows.length === 0)
    throw new Error(`<!-- manifest ${name} -->: expected one of ${Object.keys(TABLES).join(', ')}`);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A port whose part lite leaves out may be another part's there. */
function modesOf({ part, variable, published }: PortOfPart, parts: readonly Part[]): string {
  const inLite = parts.some(
    ({ name, lite }) => lite && (name === part || JSON.stringify(lite).includes(`\${${variable}`)),
  );
  return [...(inLite ? ['lite'] : []), ...(published ? ['full'] : [])].join(', ');
}

function startedBy({ profiles, replicas, task }: Part): string {
  if (profiles.length > 0) return `with the profile \`${profiles.join('`, `')}\``;
  if (replicas !== undefined) return `unless \`${replicas}=0\``;
  return task ? 'once, at the start' : 'always';
}
