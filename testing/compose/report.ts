/** What is said at the end, and which numbers are published (DESIGN 7): only of runs that counted all that they are about. */
import { imagesOf, isPinned, memoryTotals, ROOT, readCompose, startedByDefault } from '@lab/manifest';
import { writeFigures } from '../../lab/src/measure/figures-file.ts';
import { standInOf } from './images.ts';
import { memoryTable, type Peak } from './proofs/memory.ts';
import { WITHOUT_STAND_IN } from './stand-ins/recipes.ts';

/** What issue and README speak of. */
const SOAK_PUBLISHED_MS = 30 * 60_000;

export interface Outcome {
  /** Parts that really ran, and those that did not. */
  parts: readonly string[];
  leftOut: readonly string[];
  upSeconds: number;
  counts: Readonly<Record<string, number>>;
  peaks: readonly Peak[];
}

export async function printOutcome({ parts, leftOut, counts, peaks }: Outcome): Promise<void> {
  console.log('really run:');
  for (const part of parts)
    console.log(`  ${part}: ${(await standInOf(part)) ?? "compose.yaml's image, or our own"}`);
  console.log('left out:');
  for (const part of leftOut)
    console.log(`  ${part}: ${WITHOUT_STAND_IN[part] ?? 'waits for one that is left out'}`);
  for (const line of memoryTable(peaks)) console.log(line);
  for (const [name, value] of Object.entries(counts)) console.log(`${name}: ${value}`);
}

export async function publishOutcome({ parts, upSeconds, counts, peaks }: Outcome): Promise<void> {
  const compose = readCompose();
  const images = imagesOf(compose);
  const { all, withoutKibana } = memoryTotals(compose);
  const figures = {
    services: startedByDefault(compose).length,
    services_run: parts.length,
    limit_mb_total: all,
    limit_mb_without_kibana: withoutKibana,
    images_pinned: images.filter(isPinned).length,
    images_total: images.length,
    up_seconds: Math.round(upSeconds),
  };
  const command = 'make test-compose';
  await writeFigures(ROOT, 'full', { command, figures });
  const memory = Object.fromEntries(peaks.map(({ part, peakMb }) => [`memory_peak_mb_${part}`, peakMb]));
  await writeFigures(ROOT, 'verification', {
    command,
    figures: { containers_run: parts.length, ...counts, ...memory },
  });
}

export async function publishSoak(milliseconds: number, figures: Record<string, number>): Promise<void> {
  if (milliseconds < SOAK_PUBLISHED_MS) return;
  await writeFigures(ROOT, 'soak', {
    command: `make test-compose SOAK=${milliseconds / 60_000}m`,
    figures,
  });
}

/** @param suite only those of a whole suite are published. */
export async function publishExperiments(suite: string, figures: Record<string, number>): Promise<void> {
  if (suite !== 'core' && suite !== 'all') return;
  await writeFigures(ROOT, `chaos_full_${suite}`, { command: `make test-compose CHAOS=${suite}`, figures });
}
