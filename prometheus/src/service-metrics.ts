/** Every metric that the lab's own services define, gathered from where each defines its own. */
import { type MetricDefinition, METRICS as OF_EVERY_SERVICE } from '@lab/telemetry';
import { METRICS as OF_CONSOLE } from 'lab-console/metrics';
import { METRICS as OF_API } from 'taskmanager-api/metrics';
import { METRICS as OF_WEB } from 'taskmanager-web/metrics';
import { METRICS as OF_WORKER } from 'taskmanager-worker/metrics';

/** By name, apart from the default Node.js ones (`process_*`, `nodejs_*`). */
export const SERVICE_METRICS: ReadonlyMap<string, MetricDefinition> = new Map(
  [OF_EVERY_SERVICE, OF_API, OF_WORKER, OF_WEB, OF_CONSOLE].flatMap((each) =>
    Object.entries<MetricDefinition>(each),
  ),
);
