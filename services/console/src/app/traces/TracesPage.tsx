/** Traces found by service, operation, duration, error and tag. */
import { Empty, Icon, PageHeader } from '@lab/ui-kit';
import { Link, useSearchParams } from 'react-router';
import type { TracePage as Page } from '../../contract/traces.ts';
import { getJson, type Parameters } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { fillTemplate } from '../links/target.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { RefreshButton, TimeControls } from '../time/TimeControls.tsx';
import { useTimeRange } from '../time/use-time-range.ts';
import { Async } from '../ui/async.tsx';
import { Older, usePages } from '../ui/pages.tsx';
import { Scatter } from './Scatter.tsx';
import { SearchForm } from './SearchForm.tsx';
import { newestOnly, readSearch, SEARCH_FIELDS, searchParameters } from './search.ts';
import { TraceList } from './TraceList.tsx';
import './traces.css';

export function TracesPage() {
  const { lab } = useLab();
  const [search] = useSearchParams();
  if (lab?.features.traces === false) {
    const { service, operation } = readSearch(search);
    const found = fillTemplate(lab.linkTemplates.traces, { service, operation });
    // A parameter without a value would look for an operation without a name.
    const href = service === '' ? undefined : found.replace(/&\w+=(?=&|$)/g, '');
    return <FullModeNotice what="Traces" feature="traces" href={href} />;
  }
  return <Content />;
}

function Content() {
  const [search, setSearch] = useSearchParams();
  const controls = useTimeRange();
  const { resolved, range } = controls;
  const form = readSearch(search);
  const filter = { ...searchParameters(form), limit: 100 };
  const parameters = { ...filter, from: Math.round(resolved.from), to: Math.round(resolved.to) };
  const query = useQuery(
    JSON.stringify(['traces', filter, range]),
    (signal) => getJson<Page>('/api/traces', signal, parameters),
    { version: `${parameters.from} ${parameters.to}` },
  );
  return (
    <>
      <PageHeader title="Traces">
        <Link
          className="button"
          to={{ pathname: '/traces/graph', search: `?from=${range.from}&to=${range.to}` }}
        >
          <Icon name="graph" /> Service graph
        </Link>
        <TimeControls controls={controls} />
        <RefreshButton />
      </PageHeader>
      <div className="split traces">
        <SearchForm
          key={JSON.stringify(form)}
          initial={form}
          range={resolved}
          onSearch={(next) =>
            setSearch((before) => {
              for (const name of SEARCH_FIELDS) {
                if (next[name] === '') before.delete(name);
                else before.set(name, next[name]);
              }
              return before;
            })
          }
        />
        <div className="stack">
          <Async query={query} what="traces" lines={10}>
            {(page) => <Results key={JSON.stringify([filter, range])} page={page} parameters={parameters} />}
          </Async>
        </div>
      </div>
    </>
  );
}

/** What was searched so far: without the pages not yet asked for. */
function shownRange(pages: readonly Page[]): { from: number; to: number } {
  const [first, last] = [pages[0], pages.at(-1)];
  const oldest = last?.items.at(-1)?.start;
  const from = last?.nextCursor != null && oldest !== undefined ? oldest : (last?.from ?? '');
  return { from: Date.parse(from), to: Date.parse(first?.to ?? '') };
}

function Results({ page, parameters }: { page: Page; parameters: Parameters }) {
  const { pages, last, items, older } = usePages('/api/traces', page, ({ traceId }) => traceId, parameters);
  if (items.length === 0 && last.complete)
    return <Empty title="No trace fits">Nothing that is stored meets the search in this time range.</Empty>;
  const notice = newestOnly(items, last);
  return (
    <>
      {notice !== undefined && <p className="hint">{notice}</p>}
      <Scatter traces={items} range={shownRange(pages)} />
      <TraceList traces={items} />
      {!last.complete && (
        <p className="stale row-s">
          <Icon name="warning" /> The search ran out of its time before the end of the range: there may be
          more.
        </p>
      )}
      <Older older={older}>{last.complete ? 'Older traces' : 'Search on'}</Older>
    </>
  );
}
