/** What the channels would have shown: the notifications that really left Alertmanager, kept across restarts. */
import { Empty, PageHeader, SearchBox, Segments } from '@lab/ui-kit';
import { useDeferredValue } from 'react';
import { useSearchParams } from 'react-router';
import type { InboxMessage, InboxPage as Page } from '../../contract/inbox.ts';
import { getJson } from '../api/http.ts';
import { type Query, useQuery } from '../api/use-query.ts';
import { Async } from '../ui/async.tsx';
import { Older, usePages } from '../ui/pages.tsx';
import { byDay } from './days.ts';
import { Message } from './Message.tsx';
import './inbox.css';

type Status = InboxMessage['status'] | 'all';

export function InboxPage() {
  const [search, setSearch] = useSearchParams();
  const channel = search.get('channel') ?? '';
  const status = search.get('status') ?? 'all';
  const words = search.get('q') ?? '';
  const asked = useDeferredValue(words);
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '' || value === 'all') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const parameters = { channel, status: status === 'all' ? undefined : status, q: asked, limit: 100 };
  const query = useQuery(
    `inbox ${JSON.stringify(parameters)}`,
    (signal) => getJson<Page>('/api/inbox', signal, parameters),
    { everyMs: 5000 },
  );
  const filtered = channel !== '' || status !== 'all' || words !== '';
  return (
    <>
      <PageHeader title="Inbox" lead="What Alertmanager sent to the channels, newest first." />
      <div className="split inbox">
        <Channels query={query} channel={channel} onChoose={(name) => set('channel', name)} />
        <section className="card inbox-main" aria-label="Messages">
          <div className="inbox-filters">
            <SearchBox
              label="Search messages"
              placeholder="Search messages"
              value={words}
              onChange={(event) => set('q', event.target.value)}
            />
            <Segments<Status>
              label="Status"
              value={status === 'firing' || status === 'resolved' || status === 'other' ? status : 'all'}
              onChange={(value) => set('status', value)}
              options={[
                { value: 'all', text: 'All' },
                { value: 'firing', text: 'Firing' },
                { value: 'resolved', text: 'Resolved' },
              ]}
            />
          </div>
          <Async query={query} what="messages" lines={6}>
            {(page) => (
              <Messages
                key={JSON.stringify(parameters)}
                page={page}
                parameters={parameters}
                filtered={filtered}
                showChannel={channel === ''}
              />
            )}
          </Async>
        </section>
      </div>
    </>
  );
}

interface ChannelsProps {
  query: Query<Page>;
  channel: string;
  onChoose: (name: string) => void;
}

function Channels({ query, channel, onChoose }: ChannelsProps) {
  const channels = query.data?.channels ?? [];
  const look = 'bare hoverable';
  const total = channels.reduce((sum, entry) => sum + entry.messages, 0);
  return (
    <nav className="channels" aria-label="Channels">
      <button type="button" className={look} aria-current={channel === ''} onClick={() => onChoose('')}>
        All channels <span className="muted">{query.data === undefined ? '' : total}</span>
      </button>
      {channels.map(({ name, messages }) => (
        <button
          key={name}
          type="button"
          className={look}
          aria-current={channel === name}
          onClick={() => onChoose(name)}
        >
          <span># {name}</span> <span className="muted">{messages}</span>
        </button>
      ))}
    </nav>
  );
}

interface MessagesProps {
  page: Page;
  parameters: Readonly<Record<string, string | number | undefined>>;
  filtered: boolean;
  showChannel: boolean;
}

function Messages({ page, parameters, filtered, showChannel }: MessagesProps) {
  const { items, older } = usePages('/api/inbox', page, ({ id }) => id, parameters);
  if (items.length === 0)
    return filtered ? (
      <Empty title="No message fits">
        Nothing that was kept matches the channel, status and words chosen.
      </Empty>
    ) : (
      <Empty title="Nothing has arrived">Notifications appear here as soon as Alertmanager sends one.</Empty>
    );
  return (
    <div>
      {byDay(items, Date.now()).map(({ day, items: messages }) => (
        <section key={day} aria-label={day}>
          <h2 className="day hint">
            <span>{day}</span>
          </h2>
          {messages.map((message) => (
            <Message key={message.id} message={message} showChannel={showChannel} />
          ))}
        </section>
      ))}
      <Older older={older} className="card-body">
        Older messages
      </Older>
    </div>
  );
}
