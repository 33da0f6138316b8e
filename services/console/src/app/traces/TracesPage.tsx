/** Traces found by service, operation, duration, error and tag. */
import { Button, Empty, Icon, IconButton, PageHeader } from '@lab/ui-kit';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { TracePage as Page } from '../../contract/traces.ts';
import { ApiError, getJson, type Parameters } from '../api/http.ts';
import { refreshAll, useQuery } from '../api/use-query.ts';
import { fillTemplate } from '../links/target.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { TimeControls } from '../time/TimeControls.tsx';
import { useTimeRange } from '../time/use-time-range.ts';
import { Async } from '../ui/async.tsx';
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
        <IconButton
          icon="refresh"
          label="Refresh"
          className="bordered"
          title="Refresh (r)"
          onClick={refreshAll}
        />
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
  const [older, setOlder] = useState<Page[]>([]);
  const [failure, setFailure] = useState<string>();
  const pages = [page, ...older];
  const last = pages.at(-1) ?? page;
  const traces = [
    ...new Map(pages.flatMap(({ items }) => items).map((item) => [item.traceId, item])).values(),
  ];
  if (traces.length === 0 && last.complete)
    return <Empty title="No trace fits">Nothing that is stored meets the search in this time range.</Empty>;
  const more = async () => {
    try {
      const next = await getJson<Page>('/api/traces', new AbortController().signal, {
        ...parameters,
        cursor: last.nextCursor ?? undefined,
      });
      setOlder([...older, next]);
      setFailure(undefined);
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
  };
  const notice = newestOnly(traces, last);
  return (
    <>
      {notice !== undefined && <p className="hint">{notice}</p>}
      <Scatter traces={traces} range={shownRange(pages)} />
      <TraceList traces={traces} />
      {!last.complete && (
        <p className="stale row-s">
          <Icon name="warning" /> The search ran out of its time before the end of the range: there may be
          more.
        </p>
      )}
      {failure !== undefined && (
        <p className="text-critical" role="alert">
          {failure}
        </p>
      )}
      {last.nextCursor !== null && (
        <p>
          <Button onClick={() => void more()}>{last.complete ? 'Older traces' : 'Search on'}</Button>
        </p>
      )}
    </>
  );
}
