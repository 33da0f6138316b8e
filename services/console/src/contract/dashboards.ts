import { z } from 'zod';

/**
 *     GET /api/dashboards        → dashboardListSchema
 *     GET /api/dashboards/:uid   → the dashboard as Grafana's own JSON model
 *
 * Read from grafana/dashboards/*.json each time they change. A file that cannot be read is listed with its error.
 */
export const dashboardListSchema = z.object({
  items: z.array(
    z.object({
      uid: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      tags: z.array(z.string()),
      panels: z.number(),
    }),
  ),
  broken: z.array(z.object({ file: z.string(), error: z.string() })),
});
export type DashboardList = z.infer<typeof dashboardListSchema>;
