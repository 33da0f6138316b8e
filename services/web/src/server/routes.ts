/** Every value of the label `route` of this server's HTTP metrics, besides `unmatched`. */
import { INTAKE_PATHS } from '../shared/intake.ts';

export const ROUTES = {
  pages: '/',
  assets: '/assets/*',
  api: '/api/*',
  ...INTAKE_PATHS,
} as const;
