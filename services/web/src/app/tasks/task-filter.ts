/** The list's filter as it stands in the page's address, so that a view can be bookmarked, shared and gone back to. */
import { type TaskStatus, taskStatusSchema } from 'taskmanager-api/contract';

export interface TaskFilter {
  /** Undefined: all. */
  status?: TaskStatus;
  /** Full text; empty: no search. */
  q: string;
}

/** The API's limit on `q`. */
export const MAX_SEARCH = 200;

/** Reads a filter; what makes no sense there counts as not there. */
export function filterFromSearch(params: URLSearchParams): TaskFilter {
  const status = taskStatusSchema.safeParse(params.get('status'));
  const q = (params.get('q') ?? '').slice(0, MAX_SEARCH);
  return status.success ? { status: status.data, q } : { q };
}

export function filterToSearch({ status, q }: TaskFilter): URLSearchParams {
  const text = q.trim();
  return new URLSearchParams({ ...(status ? { status } : {}), ...(text ? { q: text } : {}) });
}

export function isFiltered({ status, q }: TaskFilter): boolean {
  return status !== undefined || q.trim() !== '';
}
