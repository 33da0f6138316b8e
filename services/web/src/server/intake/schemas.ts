/** What the intake takes. Everything else of a body is left out, not passed on. */
import { z } from 'zod';
import { ERROR_KINDS, MAX_ERRORS, MAX_VITALS, VITAL_NAMES } from '../../shared/intake.ts';
import { type PageTemplate, pageOf } from '../../shared/pages.ts';

/** Whatever is sent, the result is one of the templates. */
const route = z.string().transform((path): PageTemplate => pageOf(path));

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
        message: z.string(),
        stack: z.string().optional(),
        route,
      }),
    )
    .min(1)
    .max(MAX_ERRORS),
});
/** Its texts are as they came: only the log, which redacts and cuts them, may see them. */
export type ReportedError = z.output<typeof errorsSchema>['errors'][number];
