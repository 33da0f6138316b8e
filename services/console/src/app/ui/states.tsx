/**
 * The four ways of not showing data, which must never look alike (house rule 18): still loading, answered with nothing,
 * failed, and unknown because whoever would know cannot be asked.
 */
import type { ReactNode } from 'react';
import type { Known } from '../../contract/problem.ts';
import type { ApiError } from '../api/http.ts';
import type { Query } from '../api/use-query.ts';
import { clock } from '../format/time.ts';
import { Icon } from './Icon.tsx';

export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div className="state state-loading" role="status" aria-busy="true">
      <span className="visually-hidden">Loading {what}</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders have nothing else to tell them apart
        <span key={index} className="skeleton" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state state-empty">
      <Icon name="empty" />
      <p className="state-title">{title}</p>
      {children !== undefined && <div className="state-detail">{children}</div>}
    </div>
  );
}

export function Failure({ what, error, retry }: { what: string; error: ApiError; retry?: () => void }) {
  const { requestId } = error.problem ?? {};
  return (
    <div className="state state-error" role="alert">
      <Icon name="error" />
      <p className="state-title">Could not load {what}</p>
      <p className="state-detail">{error.message}</p>
      {requestId !== undefined && (
        <p className="state-detail">
          Request <code>{requestId}</code>
        </p>
      )}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Unknown({ what, reason }: { what: string; reason: string }) {
  return (
    <div className="state state-unknown" role="status">
      <Icon name="unknown" />
      <p className="state-title">{what} unknown</p>
      <p className="state-detail">{reason}</p>
    </div>
  );
}

/** A single figure that is not known: a question mark with its reason, never a zero or a blank. */
export function UnknownValue({ reason }: { reason: string }) {
  return (
    <span className="unknown-value" title={reason}>
      <span aria-hidden="true">?</span>
      <span className="visually-hidden">unknown: {reason}</span>
    </span>
  );
}

/** Shown above data that could not be refreshed: it is the truth of a moment ago. */
function Stale({ error, answeredAt }: { error: ApiError; answeredAt: number | undefined }) {
  return (
    <p className="stale" role="status">
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
