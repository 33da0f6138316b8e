import { parse } from 'yaml';
import { parseDuration } from './duration.ts';
import { read } from './repository.ts';

/** How often targets are asked and how long each may take, in seconds, as prometheus.yml has it for all of them. */
export interface Scrape {
  intervalSeconds: number;
  timeoutSeconds: number;
}

export function readScrape(): Scrape {
  const { global } = parse(read('prometheus/prometheus.yml')) as {
    global: { scrape_interval: string; scrape_timeout: string };
  };
  return {
    intervalSeconds: parseDuration(global.scrape_interval) / 1000,
    timeoutSeconds: parseDuration(global.scrape_timeout) / 1000,
  };
}
