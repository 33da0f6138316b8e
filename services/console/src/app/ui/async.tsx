/** The usual ways to show what a query has answered so far (house rule 18: none may look like another). */
import { Failed, Icon, Loading, Unknown } from '@lab/ui-kit';
import type { ReactNode } from 'react';
import type { Known } from '../../contract/problem.ts';
import type { ApiError } from '../api/http.ts';
import type { Query } from '../api/use-query.ts';
import { clock } from '../format/time.ts';

/** What could not be loaded, and why. */
export function Failure({ what, error, retry }: { what: string; error: ApiError; retry?: () => void }) {
  return (
    <Failed
      title={`Could not load ${what}`}
      detail={error.message}
      requestId={error.problem?.requestId}
      retry={retry}
    />
  );
}

/** Shown above data that could not be refreshed: it is the truth of a moment ago. */
function Stale({ error, answeredAt }: { error: ApiError; answeredAt: number | undefined }) {
  return (
    <p className="stale row-s" role="status">
      <Icon name="warning" /> Not refreshed since {answeredAt === undefined ? 'a while' : clock(answeredAt)}:{' '}
      {error.message}
    </p>
  );
}

interface AsyncProps<T> {
  query: Query<T>;
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** The usual way to show an answer: loading at first, a failure where there is nothing, otherwise data, marked when stale. */
export function Async<T>({ query, what, lines, children }: AsyncProps<T>) {
  const { data, error } = query;
  if (data !== undefined)
    return (
      <>
        {error && <Stale error={error} answeredAt={query.answeredAt} />}
        {children(data)}
      </>
    );
  if (error) return <Failure what={what} error={error} retry={query.refresh} />;
  return <Loading what={what} {...(lines === undefined ? {} : { lines })} />;
}

/** Something another program knows: its answer, or why there is none. */
export function IfKnown<T>({
  of,
  what,
  children,
}: {
  of: Known<T>;
  what: string;
  children: (value: T) => ReactNode;
}) {
  return of.status === 'known' ? children(of.value) : <Unknown what={what} reason={of.reason} />;
}
