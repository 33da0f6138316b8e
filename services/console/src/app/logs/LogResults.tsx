import { Empty, Icon } from '@lab/ui-kit';
import type { LogPage } from '../../contract/logs.ts';
import type { Parameters } from '../api/http.ts';
import { dateTime } from '../format/time.ts';
import { Older, usePages } from '../ui/pages.tsx';
import { LogList } from './LogList.tsx';

interface Props {
  page: LogPage;
  parameters: Parameters;
  onField: (field: string, value: unknown, negate: boolean) => void;
}

/** Lines found, newest first, and the way to older ones. */
export function LogResults({ page, parameters, onField }: Props) {
  const { last, items, older } = usePages('/api/logs', page, ({ id }) => id, parameters);
  return (
    <section className="card" aria-label="Log lines">
      {items.length === 0 ? (
        <Empty title={page.complete ? 'No line fits' : 'No line found so far'}>
          between {dateTime(Date.parse(page.from))} and {dateTime(Date.parse(page.to))}
        </Empty>
      ) : (
        <LogList records={items} onField={onField} />
      )}
      {!last.complete && (
        <p className="stale row-s card-body">
          <Icon name="warning" /> The search ran out of its time before the end of the range: there may be
          more.
        </p>
      )}
      <Older older={older} className="card-body">
        {last.complete ? 'Older lines' : 'Search on'}
      </Older>
    </section>
  );
}
