/** The metrics that only the API has. */
import { gauge } from '@lab/telemetry';

export const METRICS = {
  active_sessions: gauge('active_sessions', [], 'Sessions in the database that have not expired.'),
};
