import { z } from 'zod';

/**
 *     GET /api/rehearsal   → rehearsalSchema
 *     GET /rehearsal       → the page that `make rehearse` wrote last; 404 with a page that says so where there is none
 */
export const rehearsalSchema = z.object({
  /** When the last one was played; null: none is there. */
  at: z.iso.datetime().nullable(),
});
export type RehearsalState = z.infer<typeof rehearsalSchema>;
