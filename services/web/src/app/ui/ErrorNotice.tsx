import { Notice } from '@lab/ui-kit';
import { describeError } from '../http/error-text.ts';

interface ErrorNoticeProps {
  error: unknown;
  onRetry?: () => void;
  onDismiss?: () => void;
}

/** What went wrong, what to do about it, and the request's id for whoever has to look into it. */
export function ErrorNotice({ error, ...ways }: ErrorNoticeProps) {
  const { title, advice, requestId } = describeError(error);
  return (
    <Notice tone="critical" icon="warning" role="alert" requestId={requestId} {...ways}>
      <strong>{title}</strong>
      {advice && <p>{advice}</p>}
    </Notice>
  );
}
