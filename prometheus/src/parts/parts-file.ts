/** Makes the list of a lab's parts that the console is given as a file. */
import type { Manifest } from '@lab/manifest';

/** One part as `parts.json` lists it. */
export interface ListedPart {
  /** Its name in compose.yaml. */
  name: string;
  title: string;
  /** OpenTelemetry's service.name. */
  service: string;
  /** Prometheus' job; null: it is not scraped. */
  job: string | null;
}

/** @param lab names of the parts that are there, and of those that Prometheus asks for metrics. */
export function partsFile(
  { parts }: Manifest,
  { present, scraped }: { present: readonly string[]; scraped: readonly string[] },
): string {
  const listed = parts
    .filter(({ name, task }) => present.includes(name) && !task)
    .map(({ name, title, service, scrapes }): ListedPart => {
      const job = scraped.includes(name) ? scrapes[0]?.job : undefined;
      return { name, title, service, job: job ?? null };
    });
  return `${JSON.stringify(listed, null, 2)}\n`;
}
