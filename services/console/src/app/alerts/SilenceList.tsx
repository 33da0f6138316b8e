import { Badge, Button, Empty } from '@lab/ui-kit';
import { useState } from 'react';
import type { Silence, Silences } from '../../contract/silences.ts';
import { ApiError, getJson, sendJson } from '../api/http.ts';
import { refreshAll, useQuery } from '../api/use-query.ts';
import { Async } from '../ui/async.tsx';
import { Refused } from '../ui/attempt.tsx';
import { TimeAgo } from '../ui/TimeAgo.tsx';
import { type Matcher, writeMatcher } from './matchers.ts';

interface Props {
  onSilence: (matchers: readonly Matcher[]) => void;
}

export function SilenceList({ onSilence }: Props) {
  const query = useQuery('silences', (signal) => getJson<Silences>('/api/silences', signal), {
    everyMs: 10_000,
  });
  return (
    <Async query={query} what="silences">
      {({ items }) => {
        if (items.length === 0)
          return (
            <Empty title="Nothing is silenced">A silence keeps matching alerts from notifying anyone.</Empty>
          );
        const current = items.filter((silence) => silence.state !== 'expired');
        const expired = items.filter((silence) => silence.state === 'expired');
        return (
          <div className="stack">
            {current.length === 0 ? (
              <Empty title="Nothing is silenced now" />
            ) : (
              <SilenceCards silences={current} onSilence={onSilence} />
            )}
            {expired.length > 0 && (
              <details className="stack-s">
                <summary className="muted">
                  {expired.length} expired {expired.length === 1 ? 'silence' : 'silences'}
                </summary>
                <SilenceCards silences={expired} onSilence={onSilence} />
              </details>
            )}
          </div>
        );
      }}
    </Async>
  );
}

function SilenceCards({ silences, onSilence }: Props & { silences: readonly Silence[] }) {
  return (
    <ul className="stack-s">
      {silences.map((silence) => (
        <SilenceCard key={silence.id} silence={silence} onSilence={onSilence} />
      ))}
    </ul>
  );
}

function SilenceCard({ silence, onSilence }: Props & { silence: Silence }) {
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const expire = async () => {
    setBusy(true);
    try {
      await sendJson('DELETE', `/api/silences/${encodeURIComponent(silence.id)}`);
      refreshAll();
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
      setBusy(false);
    }
  };
  const expired = silence.state === 'expired';
  return (
    <li className="card card-body silence">
      <div className="stack-s">
        <ul className="chips">
          {silence.matchers.map((matcher) => (
            <li key={writeMatcher(matcher)} className="chip">
              <code className="chip-value">{writeMatcher(matcher)}</code>
            </li>
          ))}
        </ul>
        <p>{silence.comment}</p>
        <p className="hint">
          by {silence.createdBy}, {expired ? 'ended' : 'ends'} <TimeAgo at={silence.endsAt} />
          {silence.state === 'pending' && (
            <>
              , starts <TimeAgo at={silence.startsAt} />
            </>
          )}
        </p>
        <Refused reason={failure} />
      </div>
      <div className="row">
        <Badge tone={silence.state === 'active' ? 'accent' : 'neutral'}>{silence.state}</Badge>
        {expired ? (
          <Button small onClick={() => onSilence(silence.matchers)}>
            Set again
          </Button>
        ) : (
          <Button small variant="danger" disabled={busy} onClick={() => void expire()}>
            Expire
          </Button>
        )}
      </div>
    </li>
  );
}
