import { Button, Dialog, Field, TextField } from '@lab/ui-kit';
import { type FormEvent, useState } from 'react';
import type { SilenceRequest } from '../../contract/silences.ts';
import { sendJson } from '../api/http.ts';
import { refreshAll } from '../api/use-query.ts';
import { parseDuration } from '../format/duration.ts';
import { dateTime } from '../format/time.ts';
import { Refused, useAttempt } from '../ui/attempt.tsx';
import { type Matcher, parseMatchers, writeMatchers } from './matchers.ts';

const DURATIONS = ['15m', '1h', '2h', '8h', '24h'] as const;
const NAME_KEY = 'console-silence-name';

function storedName(): string {
  try {
    return window.localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return ''; // storage is blocked: the name is typed again
  }
}

function storeName(name: string): void {
  try {
    window.localStorage.setItem(NAME_KEY, name);
  } catch {
    // storage is blocked: nothing to remember it with
  }
}

/** Sets a silence; matchers are written as amtool writes them. */
export function SilenceDialog({ initial, onClose }: { initial: readonly Matcher[]; onClose: () => void }) {
  const [matchers, setMatchers] = useState(writeMatchers(initial));
  const [duration, setDuration] = useState('1h');
  const [createdBy, setCreatedBy] = useState(storedName);
  const [comment, setComment] = useState('');
  const { failure, setFailure, busy, attempt } = useAttempt();
  const seconds = parseDuration(duration);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseMatchers(matchers);
    if (!parsed)
      return setFailure('Matchers: expected name="value", separated by commas; also !=, =~ and !~.');
    if (seconds === undefined || seconds < 1) return setFailure('Duration: expected 30m, 2h or 1d.');
    const request: SilenceRequest = {
      matchers: parsed,
      endsAt: new Date(Date.now() + seconds * 1000).toISOString(),
      createdBy,
      comment,
    };
    await attempt(async () => {
      await sendJson('POST', '/api/silences', request);
      storeName(createdBy);
      refreshAll();
      onClose();
    });
  };

  return (
    <Dialog closesOutside title="New silence" onClose={onClose}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Matchers: every one must hold">
          {(control) => (
            <textarea
              {...control}
              className="mono"
              data-initial-focus
              rows={3}
              required
              placeholder='alertname="HighErrorRate", service="taskmanager-api"'
              value={matchers}
              onChange={(event) => setMatchers(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={
            <>
              Duration{' '}
              {seconds !== undefined && `until ${dateTime(Date.now() + seconds * 1000).slice(0, 16)}`}
            </>
          }
        >
          {(control) => (
            <div className="row">
              <input
                {...control}
                className="silence-duration"
                value={duration}
                onChange={(event) => setDuration(event.target.value)}
              />
              {DURATIONS.map((choice) => (
                <Button
                  key={choice}
                  small
                  aria-pressed={duration === choice}
                  onClick={() => setDuration(choice)}
                >
                  {choice}
                </Button>
              ))}
            </div>
          )}
        </Field>
        <TextField label="Your name" required value={createdBy} onText={setCreatedBy} />
        <Field label="Why">
          {(control) => (
            <textarea
              {...control}
              rows={2}
              required
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
        <Refused reason={failure} />
        <div className="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" disabled={busy}>
            Silence
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
