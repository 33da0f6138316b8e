/** What `make load` would run on. */
import { findK6 } from '../load/find-k6.ts';
import { type Finding, good, note } from './check.ts';

export async function checkLoadEngine(toolsFolder: string): Promise<Finding> {
  const found = await findK6({ toolsFolder });
  if (!Array.isArray(found)) return good('k6', `${found.version}, ${found.path}`);
  const detail = found.join('; ') || 'not found';
  return note('k6', detail, '`make load` runs on the lab’s own engine; `make tools` builds k6 where Go is');
}
