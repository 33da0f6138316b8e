import { Empty } from '@lab/ui-kit';
import type { Runbook } from '../../contract/runbooks.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { Async } from '../ui/async.tsx';
import { Markdown } from '../ui/Markdown.tsx';

/** Runbooks name each other by file: `DatabaseDown.md` is this console's `/runbooks/DatabaseDown`. */
function runbookLink(href: string): string {
  const match = /^(?:\.\/)?(\w+)\.md(?:#.*)?$/.exec(href);
  return match ? `/runbooks/${match[1]}` : href;
}

/** An alert's runbook from the repository, rendered. */
export function RunbookText({ alert }: { alert: string }) {
  const query = useQuery(`runbook ${alert}`, (signal) =>
    getJson<Runbook>(`/api/runbooks/${encodeURIComponent(alert)}`, signal),
  );
  if (query.error?.status === 404)
    return (
      <Empty title={`There is no runbook for ${alert}`}>Each alert should have one in docs/runbooks.</Empty>
    );
  return (
    <Async query={query} what="the runbook">
      {({ markdown }) => <Markdown text={markdown} skipTitle resolveLink={runbookLink} />}
    </Async>
  );
}
