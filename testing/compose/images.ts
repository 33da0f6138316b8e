/** Which parts this engine cannot run, because their image is neither there, nor can be pulled or built. */
import { execFileSync } from 'node:child_process';
import { readCompose, withDefaults } from '../../compose/src/read-compose.ts';
import type { FullStack } from '../../lab/src/stack/full/stack.ts';

/** What a recipe of ours builds upon; those of the Node services build upon Node's image. */
const BASES: Record<string, string> = {
  'services/Dockerfile': 'node:24-bookworm-slim',
  fluentd: 'fluent/fluentd:v1.19.3-debian-2.4',
  jaeger: 'jaegertracing/jaeger:2.22.0',
};

export function partsWithoutImage({ parts }: FullStack): string[] {
  const { services } = readCompose();
  const tried = new Map<string, boolean>();
  const canBeHad = (image: string) => {
    const known =
      tried.get(image) ?? (succeeds(['image', 'inspect', image]) || succeeds(['pull', '--quiet', image]));
    tried.set(image, known);
    return known;
  };
  const missing = parts.filter((part) => {
    const { image = '', build } = services[part] ?? {};
    const base = build && BASES[build.dockerfile ?? build.context.replace(/^\.\//, '')];
    return !canBeHad(base ?? withDefaults(image));
  });
  // And what waits for one of them.
  const needs = (part: string): boolean =>
    Object.keys(services[part]?.depends_on ?? {}).some((other) => missing.includes(other) || needs(other));
  return parts.filter((part) => missing.includes(part) || needs(part));
}

function succeeds(args: string[]): boolean {
  try {
    execFileSync('docker', args, { stdio: 'ignore', timeout: 10 * 60_000 });
    return true;
  } catch {
    return false; // The engine says why; that it cannot is what counts here.
  }
}
