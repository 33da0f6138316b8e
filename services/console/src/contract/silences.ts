import { z } from 'zod';
import { isoTime } from './time.ts';

/**
 *     GET    /api/silences       → silencesSchema: active and pending first, then what expired
 *     POST   /api/silences       silenceRequestSchema → 201 {id}
 *     DELETE /api/silences/:id   → 204 (expires it), 404
 *
 * POST and DELETE need the header `x-requested-with: lab-console`. 502 problem when Alertmanager cannot be reached.
 */
export const matcherSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected a label name')
    .max(200),
  value: z.string().max(1000),
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});

export const silenceRequestSchema = z
  .strictObject({
    matchers: z.array(matcherSchema).min(1).max(20),
    /** Default: now. */
    startsAt: isoTime.optional(),
    endsAt: isoTime,
    createdBy: z.string().trim().min(1).max(200),
    comment: z.string().trim().min(1).max(1000),
  })
  .refine(
    (silence) =>
      silence.matchers.some(
        (matcher) => matcher.value !== '' && !(matcher.isRegex && /^\.[*+]$/.test(matcher.value)),
      ),
    {
      message: 'expected at least one matcher that does not match everything',
      path: ['matchers'],
    },
  );
export type SilenceRequest = z.input<typeof silenceRequestSchema>;

export const silenceSchema = z.object({
  id: z.string(),
  state: z.enum(['active', 'pending', 'expired']),
  matchers: z.array(
    z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean() }),
  ),
  startsAt: isoTime,
  endsAt: isoTime,
  updatedAt: isoTime,
  createdBy: z.string(),
  comment: z.string(),
});
export type Silence = z.infer<typeof silenceSchema>;

export const silencesSchema = z.object({ items: z.array(silenceSchema) });
export type Silences = z.infer<typeof silencesSchema>;
