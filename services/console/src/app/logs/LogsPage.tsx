/** Log lines: searched, counted over time, filtered by field, followed live; each leads to its trace. */
import { Button, Icon, PageHeader } from '@lab/ui-kit';
import { useCallback, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { LogFacets, LogHistogram, LogPage } from '../../contract/logs.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { fillTemplate } from '../links/target.ts';
import { FullModeNotice } from '../shell/FullModeNotice.tsx';
import { useLab } from '../shell/lab-context.ts';
import { usePageKeys } from '../shell/use-shortcuts.ts';
import { fixedRange } from '../time/range.ts';
import { RefreshButton, TimeControls } from '../time/TimeControls.tsx';
import { useTimeRange } from '../time/use-time-range.ts';
import { Async } from '../ui/async.tsx';
import { Facets } from './Facets.tsx';
import { Histogram } from './Histogram.tsx';
import { LogResults } from './LogResults.tsx';
import { OwnLines } from './OwnLines.tsx';
import { QueryBar } from './QueryBar.tsx';
import { asksForOwnLines, withoutOwnLines, withTerm } from './query.ts';
import { TailView } from './TailView.tsx';
import './logs.css';

/** Of the histogram, and of the counts beside it. */
const BARS = 90;

export function LogsPage() {
  const { lab } = useLab();
  const [search] = useSearchParams();
  if (lab?.features.logs === false) {
    const query = search.get('q');
    const href = query === null ? undefined : fillTemplate(lab.linkTemplates.logs, { query });
    return <FullModeNotice what="Logs" feature="logs" href={href} />;
  }
  return <Content />;
}

function Content() {
  const [search, setSearch] = useSearchParams();
  const controls = useTimeRange();
  const [tailing, setTailing] = useState(false);
  const { range, resolved, setRange } = controls;
  const filter = {
    q: search.get('q') ?? '',
    level: search.get('level') ?? '',
    service: search.get('service') ?? '',
  };
  const set = useCallback(
    (name: string, value: string) =>
      setSearch((before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      }),
    [setSearch],
  );
  usePageKeys((key) => {
    if (key === 'p') setTailing((before) => !before);
    return key === 'p';
  });
  const asked = asksForOwnLines(filter.q, filter.service);
  const hiding = !asked && search.get('own') !== 'shown';
  const sent = hiding ? { ...filter, q: withoutOwnLines(filter.q) } : filter;
  const times = { from: Math.round(resolved.from), to: Math.round(resolved.to) };
  const parameters = { ...sent, ...times };
  const histogram = useLogs<LogHistogram>('/api/logs/histogram', { ...parameters, bars: BARS }, range);
  const facets = useLogs<LogFacets>('/api/logs/facets', { ...parameters, bars: BARS }, range);
  const page = useLogs<LogPage>('/api/logs', { ...parameters, limit: 200 }, range);
  const onField = (field: string, value: unknown, negate: boolean) =>
    set('q', withTerm(filter.q, field, value, negate));
  return (
    <>
      <PageHeader title="Logs">
        <Button aria-pressed={tailing} title="Live tail (p)" onClick={() => setTailing(!tailing)}>
          <Icon name={tailing ? 'pause' : 'play'} /> Live tail
        </Button>
        <TimeControls controls={controls} />
        <RefreshButton />
      </PageHeader>
      <QueryBar query={filter.q} problem={page.error} shift={hiding ? 1 : 0} onSearch={(q) => set('q', q)} />
      <div className="split logs">
        <Facets
          query={facets}
          level={filter.level}
          service={filter.service}
          onChange={(name, value) => set(name, value)}
        />
        <div className="logs-main">
          {!asked && <OwnLines hiding={hiding} onChange={(hide) => set('own', hide ? '' : 'shown')} />}
          {tailing ? (
            <TailView filter={sent} onField={onField} onStop={() => setTailing(false)} />
          ) : (
            <>
              <section className="card card-body" aria-label="Lines over time">
                <Async query={histogram} what="the histogram" lines={4}>
                  {(data) => (
                    <Histogram histogram={data} onZoom={(from, to) => setRange(fixedRange(from, to))} />
                  )}
                </Async>
              </section>
              <Async query={page} what="log lines" lines={10}>
                {(data) => (
                  <LogResults
                    key={JSON.stringify([sent, range])}
                    page={data}
                    parameters={parameters}
                    onField={onField}
                  />
                )}
              </Async>
            </>
          )}
        </div>
      </div>
    </>
  );
}

/** A new moment for "now" refreshes; a new filter or range starts over. */
function useLogs<T>(
  path: string,
  parameters: Readonly<Record<string, string | number>>,
  range: { from: string; to: string },
) {
  const { from, to, ...filter } = parameters;
  return useQuery(JSON.stringify([path, filter, range]), (signal) => getJson<T>(path, signal, parameters), {
    version: `${from} ${to}`,
  });
}
