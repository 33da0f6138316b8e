/**
 * The ways of not showing data, which must never look alike: still loading, answered with nothing, failed, and unknown because
 * whoever would know cannot be asked. A notice says something beside data that is shown.
 */
import type { ReactNode } from 'react';
import { Button, IconButton } from './buttons.tsx';
import { Icon, type IconName } from './Icon.tsx';

export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div className="state state-loading" role="status" aria-busy="true">
      <span className="visually-hidden">Loading {what}…</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders have nothing else to tell them apart
        <span key={index} className="skeleton" />
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  icon?: IconName;
  /** The title is a heading of the page: it stands in place of the page's content. */
  heading?: boolean;
  children?: ReactNode;
}

export function Empty({ title, icon = 'empty', heading = false, children }: EmptyProps) {
  const Title = heading ? 'h2' : 'p';
  return (
    <div className="state state-empty">
      <Icon name={icon} />
      <Title className="state-title">{title}</Title>
      {children !== undefined && <div className="state-detail">{children}</div>}
    </div>
  );
}

/** The id that a person quotes to whoever looks into a failure. */
function RequestId({ id }: { id: string }) {
  return (
    <p className="request-id">
      Request ID <code>{id}</code>
    </p>
  );
}

interface FailedProps {
  title: string;
  detail: string;
  requestId?: string | undefined;
  retry?: (() => void) | undefined;
}

/** Stands in place of what could not be shown. */
export function Failed({ title, detail, requestId, retry }: FailedProps) {
  return (
    <div className="state state-error" role="alert">
      <Icon name="error" />
      <p className="state-title">{title}</p>
      <p className="state-detail">{detail}</p>
      {requestId !== undefined && <RequestId id={requestId} />}
      {retry && <Button onClick={retry}>Try again</Button>}
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

interface NoticeProps {
  tone: 'critical' | 'info' | 'unknown';
  icon: IconName;
  /** An `alert` interrupts a screen reader, a `status` waits for its turn. */
  role: 'alert' | 'status';
  requestId?: string | undefined;
  onRetry?: (() => void) | undefined;
  onDismiss?: (() => void) | undefined;
  children: ReactNode;
}

/** A message above or between what a page shows, with a way on where there is one. */
export function Notice({ tone, icon, role, requestId, onRetry, onDismiss, children }: NoticeProps) {
  return (
    <div className={`notice tone-${tone}`} role={role}>
      <Icon name={icon} />
      <div className="notice-body grow">
        {children}
        {requestId !== undefined && <RequestId id={requestId} />}
        {onRetry && <Button onClick={onRetry}>Try again</Button>}
      </div>
      {onDismiss && <IconButton icon="close" label="Dismiss" onClick={onDismiss} />}
    </div>
  );
}
