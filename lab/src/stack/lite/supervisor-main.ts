/** The detached program behind lite mode: reads the same settings as the command that started it, and watches. */
import { labPaths } from '../../settings/paths.ts';
import { loadSettings } from '../../settings/settings.ts';
import { runDaemon } from '../../supervisor/daemon.ts';
import { findAll } from '../../tools/ensure-tools.ts';
import { configurationOf, liteParts } from './parts.ts';

const paths = labPaths();
const settings = await loadSettings(paths);
const { found: tools } = await findAll({ toolsFolder: paths.tools });
const lite = { paths, settings, tools };
await runDaemon({
  id: paths.id,
  parts: liteParts(lite),
  runFolder: paths.run,
  logFolder: paths.logs,
  configuration: configurationOf(lite),
});
