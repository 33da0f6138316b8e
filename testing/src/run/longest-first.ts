/** Begins the unit tests with the files that take longest, so that none of them is left to run alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of 15 seconds and more, longest first; Vitest knows how long files took only where they ran before. */
export const LONG = [
  'prometheus/test/promtool.test.ts',
  'prometheus/test/scale/scaled-rules.test.ts',
  'testing/test/tracing-backend.test.ts',
  'prometheus/test/alertmanager/inbox.test.ts',
  'services/api/test/outage.test.ts',
  'services/console/test/store/data-folder.test.ts',
  'services/telemetry/test/log-output.test.ts',
  'testing/test/database-outage.test.ts',
  'lab/test/load/task-manager-load.test.ts',
];

/**
 * Files that write as long as they kill: beside the browser tests they starve and so take five times as long, at the end half a
 * minute.
 */
export const LAST = ['services/worker/test/killed.test.ts', 'services/console/test/store/killed.test.ts'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const isIt = (file: string) => moduleId.endsWith(`/${file}`);
      if (LAST.some(isIt)) return LONG.length + 1;
      const found = LONG.findIndex(isIt);
      return found === -1 ? LONG.length : found;
    };
    // Sorting is stable: within the rest Vitest's own order holds.
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
