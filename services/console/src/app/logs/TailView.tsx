import { Button, Empty, Icon } from '@lab/ui-kit';
import { LogList } from './LogList.tsx';
import { useTail } from './use-tail.ts';

interface Props {
  filter: { q: string; level: string; service: string };
  onField: (field: string, value: unknown, negate: boolean) => void;
  onStop: () => void;
}

/** New lines as they are written, newest first, under the present search. */
export function TailView({ filter, onField, onStop }: Props) {
  const { records, state, dropped } = useTail(filter, true);
  return (
    <section className="card" aria-label="Live tail">
      <header className="card-head tail-head" data-state={state}>
        <p role="status">
          <span className="tail-pulse" aria-hidden="true" />
          {state === 'open'
            ? 'Following new lines'
            : state === 'connecting'
              ? 'Connecting …'
              : 'Interrupted; trying again …'}
          {dropped > 0 && <span className="text-warning"> {dropped} lines came too fast to show</span>}
        </p>
        <Button small onClick={onStop}>
          <Icon name="pause" /> Stop
        </Button>
      </header>
      {records.length === 0 ? (
        <Empty title="Nothing new yet">Lines appear here as they are written.</Empty>
      ) : (
        <LogList records={records} onField={onField} />
      )}
    </section>
  );
}
