import { z } from 'zod';

/**
 *     GET /api/runbooks          → runbookListSchema
 *     GET /api/runbooks/:alert   → runbookSchema; with `Accept: text/markdown` the text alone. 404 when there is none.
 */
export const runbookListSchema = z.object({
  items: z.array(z.object({ alert: z.string(), title: z.string() })),
});
export type RunbookList = z.infer<typeof runbookListSchema>;

export const runbookSchema = z.object({ alert: z.string(), title: z.string(), markdown: z.string() });
export type Runbook = z.infer<typeof runbookSchema>;
