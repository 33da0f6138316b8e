/**
 * What can be done to a connection's answers, by Toxiproxy's names and attributes (https://github.com/Shopify/toxiproxy#toxics),
 * so that one client serves both. Milliseconds and kilobytes a second.
 */
import { z } from 'zod';

const milliseconds = z.number().min(0).max(600_000);
const toxic = <T extends string, A extends z.ZodType>(type: T, attributes: A) =>
  z.object({
    name: z.string().min(1).max(100),
    type: z.literal(type),
    stream: z.enum(['upstream', 'downstream']).default('downstream'),
    toxicity: z.number().min(0).max(1).default(1),
    attributes,
  });

export const toxicSchema = z.discriminatedUnion('type', [
  toxic('latency', z.object({ latency: milliseconds, jitter: milliseconds.default(0) })),
  toxic('bandwidth', z.object({ rate: z.number().positive() })),
  /** Nothing passes; the connection is closed after so long, never at 0. */
  toxic('timeout', z.object({ timeout: milliseconds })),
  /** The connection is reset after so long. */
  toxic('reset_peer', z.object({ timeout: milliseconds })),
]);
export type Toxic = z.infer<typeof toxicSchema>;

/** What becomes of one chunk: when it passes, counted from now; or never, and what becomes of the connection instead. */
export type Fate =
  | { pass: true; afterMs: number }
  | { pass: false; ends: 'nothing' | 'close' | 'reset'; afterMs: number };

/** The toxics of one direction put together: delays add up, the first that stops the stream decides. */
export function fateOf(bytes: number, toxics: readonly Toxic[], random: () => number = Math.random): Fate {
  let afterMs = 0;
  for (const each of toxics) {
    if (each.toxicity < 1 && random() >= each.toxicity) continue;
    switch (each.type) {
      case 'latency':
        afterMs += Math.max(0, each.attributes.latency + (random() * 2 - 1) * each.attributes.jitter);
        break;
      case 'bandwidth':
        afterMs += bytes / each.attributes.rate;
        break;
      case 'timeout': {
        const { timeout } = each.attributes;
        return { pass: false, ends: timeout === 0 ? 'nothing' : 'close', afterMs: timeout };
      }
      case 'reset_peer':
        return { pass: false, ends: 'reset', afterMs: each.attributes.timeout };
    }
  }
  return { pass: true, afterMs };
}
