/** The load engines as a library: profiles, people, senders, what was counted, and the verdict on it. */

export { imageLaunch } from '../stack/full/k6-image.ts';
export { AcknowledgedWrites, readBackWrites } from './acknowledged-writes.ts';
export { ensureK6 } from './build-k6.ts';
export { chooseEngine } from './choose-engine.ts';
export { LoadCounts } from './counts.ts';
export { k6Engine } from './k6-engine.ts';
export { LOAD_DOMAIN, openPool } from './people.ts';
export { planOf, readProfiles } from './profiles.ts';
export type { LoadReport } from './report/report.ts';
export { runCourse } from './run-load.ts';
export { newTestId, runProfile } from './run-profile.ts';
export { searchBreakpoint } from './search-breakpoint.ts';
export { Sender } from './sender.ts';
export { type Load, startLoad } from './start-load.ts';
export { judge, judgedObjectives, thresholdsOf } from './verdict.ts';
