import { describeError } from '../http/error-text.ts';
import { CloseIcon, WarningIcon } from './icons.tsx';

interface ErrorNoticeProps {
  error: unknown;
  onRetry?: () => void;
  onDismiss?: () => void;
}

/** What went wrong, what to do about it, and the request's id for whoever has to look into it. */
export function ErrorNotice({ error, onRetry, onDismiss }: ErrorNoticeProps) {
  const { title, advice, requestId } = describeError(error);
  return (
    <div className="notice notice-error" role="alert">
      <WarningIcon />
      <div className="notice-body">
        <p className="notice-title">{title}</p>
        {advice && <p>{advice}</p>}
        {requestId && (
          <p className="request-id">
            Request ID <code>{requestId}</code>
          </p>
        )}
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
      {onDismiss && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onDismiss}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}
