/** What the intake takes. Everything else of a body is left out, not passed on. */
import { z } from 'zod';
import {
  ERROR_KINDS,
  MAX_ERROR_MESSAGE,
  MAX_ERROR_STACK,
  MAX_ERRORS,
  MAX_VITALS,
  VITAL_NAMES,
} from '../../shared/intake.ts';
import { type PageTemplate, pageOf } from '../../shared/pages.ts';
import { redactText } from './redact-text.ts';

/** Whatever is sent, the result is one of the templates. */
const route = z.string().transform((path): PageTemplate => pageOf(path));
const text = (max: number) => z.string().transform((value) => redactText(value, max));

export const vitalsSchema = z.object({
  metrics: z
    .array(z.object({ name: z.enum(VITAL_NAMES), value: z.number().nonnegative(), route }))
    .min(1)
    .max(MAX_VITALS),
});

export const errorsSchema = z.object({
  errors: z
    .array(
      z.object({
        kind: z.enum(ERROR_KINDS),
        message: text(MAX_ERROR_MESSAGE),
        stack: text(MAX_ERROR_STACK).optional(),
        route,
      }),
    )
    .min(1)
    .max(MAX_ERRORS),
});
export type ReportedError = z.output<typeof errorsSchema>['errors'][number];
