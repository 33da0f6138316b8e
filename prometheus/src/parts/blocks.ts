/**
 * Fills what follows from the manifest into rules that are written by hand: the lines between `# <manifest NAME>` and
 * `# </manifest>`. All other lines stay as a person wrote them.
 */
import type { Manifest, Part, Probe } from '@lab/manifest';

const BLOCK = /^( *)# <manifest ([a-z-]+)>(.*)\n(?:.*\n)*?\1# <\/manifest>$/gm;

const BLOCKS: Readonly<Record<string, (manifest: Manifest) => string[]>> = {
  applications: ({ parts }) => parts.filter(({ application }) => application).flatMap(applicationRecords),
  'service-of-readiness': ({ parts }) => [serviceOfProbe(parts, (probe) => probe.name.endsWith('-ready'))],
  'service-of-probe': ({ parts }) => [serviceOfProbe(parts, (probe) => !probe.name.endsWith('-ready'))],
};

/** @throws Error for a block of an unknown name. */
export function fillBlocks(rules: string, manifest: Manifest): string {
  return rules.replaceAll(BLOCK, (_, indent: string, name: string, note: string) => {
    const lines = BLOCKS[name]?.(manifest);
    if (!lines) throw new Error(`<manifest ${name}>: expected one of ${Object.keys(BLOCKS).join(', ')}`);
    return [`# <manifest ${name}>${note}`, ...lines, '# </manifest>'].map((line) => indent + line).join('\n');
  });
}

/** Two recording rules a job: which service it is, and how much memory (bytes) each of its processes may have resident. */
function applicationRecords({ service, scrapes, memoryBudgetMebibytes }: Part): string[] {
  return scrapes.slice(0, 1).flatMap(({ job }) => {
    const labels = `  labels: { job: ${job}, service: ${service} }`;
    return [
      '- record: lab:application:info',
      '  expr: vector(1)',
      labels,
      '- record: lab:memory_limit:bytes',
      `  expr: vector(${memoryBudgetMebibytes} * 1024 * 1024)`,
      labels,
    ];
  });
}

/** The label `service` by `target_name`; a probe that is named as its service, or is no part's, keeps its name. */
function serviceOfProbe(parts: readonly Part[], isMeant: (probe: Probe) => boolean): string {
  const replacements = parts.flatMap(({ service, probes }) =>
    probes
      .filter((probe) => isMeant(probe) && probe.name !== service)
      .map(({ name }) => ` | reReplaceAll "^${name}$" "${service}"`),
  );
  return `service: '{{ $labels.target_name${replacements.join('')} }}'`;
}
