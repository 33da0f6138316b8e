/** Adds up what the stack may use at most: the limits of its containers. */
import type { ComposeFile, ComposeService } from './compose-file.ts';

/** Tells whether a limit has the form that `mebibytes` reads. */
export function isMebibytes(limit: string | undefined): limit is string {
  return /^\d+m$/.test(limit ?? '');
}

/** Mebibytes of a limit such as `224m`. @throws Error for another form, because a test compares sums. */
export function mebibytes(limit: string | undefined): number {
  if (!isMebibytes(limit)) throw new Error(`expected a limit such as 224m, got ${String(limit)}`);
  return Number.parseInt(limit, 10);
}

/** Services that `docker compose up` starts: those without a profile. */
export function startedByDefault({ services }: ComposeFile): [name: string, service: ComposeService][] {
  return Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
}

/** Only there while somebody wants Kibana. */
export function belongsToKibana(service: ComposeService): boolean {
  return service.deploy?.replicas?.includes('KIBANA_REPLICAS') === true;
}

/** Sum of memory limits of what starts by default, MiB; the one-shot counts too, although it ends. */
export function memoryTotals(file: ComposeFile): { all: number; withoutKibana: number } {
  const started = startedByDefault(file);
  const sum = (services: typeof started) =>
    services.reduce((total, [, { mem_limit }]) => total + mebibytes(mem_limit), 0);
  return {
    all: sum(started),
    withoutKibana: sum(started.filter(([, service]) => !belongsToKibana(service))),
  };
}
