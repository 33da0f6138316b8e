import { Button, Empty, Icon } from '@lab/ui-kit';
import { useState } from 'react';
import type { LogPage } from '../../contract/logs.ts';
import { ApiError, getJson, type Parameters } from '../api/http.ts';
import { dateTime } from '../format/time.ts';
import { LogList } from './LogList.tsx';

interface Props {
  page: LogPage;
  parameters: Parameters;
  onField: (field: string, value: unknown, negate: boolean) => void;
}

/** Lines found, newest first, and the way to older ones. */
export function LogResults({ page, parameters, onField }: Props) {
  const [older, setOlder] = useState<LogPage[]>([]);
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const pages = [page, ...older];
  const records = [...new Map(pages.flatMap(({ items }) => items).map((item) => [item.id, item])).values()];
  const last = pages.at(-1) ?? page;
  const more = async () => {
    setBusy(true);
    try {
      const next = await getJson<LogPage>('/api/logs', new AbortController().signal, {
        ...parameters,
        cursor: last.nextCursor ?? undefined,
      });
      setOlder([...older, next]);
      setFailure(undefined);
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <section className="card" aria-label="Log lines">
      {records.length === 0 ? (
        <Empty title={page.complete ? 'No line fits' : 'No line found so far'}>
          between {dateTime(Date.parse(page.from))} and {dateTime(Date.parse(page.to))}
        </Empty>
      ) : (
        <LogList records={records} onField={onField} />
      )}
      {!last.complete && (
        <p className="stale row-s card-body">
          <Icon name="warning" /> The search ran out of its time before the end of the range: there may be
          more.
        </p>
      )}
      {failure !== undefined && (
        <p className="text-critical card-body" role="alert">
          {failure}
        </p>
      )}
      {last.nextCursor !== null && (
        <p className="card-body">
          <Button disabled={busy} onClick={() => void more()}>
            {last.complete ? 'Older lines' : 'Search on'}
          </Button>
        </p>
      )}
    </section>
  );
}
