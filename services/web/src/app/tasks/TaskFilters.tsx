import { SearchBox } from '@lab/ui-kit';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { TaskStatus } from 'taskmanager-api/contract';
import { filterToSearch, MAX_SEARCH, type TaskFilter } from './task-filter.ts';

const CHOICES: readonly { status?: TaskStatus; label: string }[] = [
  { label: 'All' },
  { status: 'open', label: 'Open' },
  { status: 'completed', label: 'Completed' },
];

/** How long typing must rest before the search begins, in milliseconds. */
const DEBOUNCE = 300;

interface TaskFiltersProps {
  filter: TaskFilter;
  onSearch: (q: string) => void;
}

export function TaskFilters({ filter, onSearch }: TaskFiltersProps) {
  return (
    <div className="filters">
      <nav className="segments" aria-label="Filter by status">
        {CHOICES.map(({ status, label }) => {
          const chosen: TaskFilter = status ? { status, q: filter.q } : { q: filter.q };
          return (
            <Link
              key={label}
              to={{ search: filterToSearch(chosen).toString() }}
              className="segment"
              aria-current={filter.status === status ? 'true' : undefined}
            >
              <span>{label}</span>
            </Link>
          );
        })}
      </nav>
      <TaskSearch q={filter.q} onSearch={onSearch} />
    </div>
  );
}

/** Text as typed, ahead of the address by the debounce; follows the address where that changes by other means. */
function TaskSearch({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const [text, setText] = useState(q);
  const asked = useRef(q);

  useEffect(() => {
    if (q === asked.current) return;
    asked.current = q;
    setText(q);
  }, [q]);

  useEffect(() => {
    const wanted = text.trim();
    if (wanted === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = wanted;
      onSearch(wanted);
    }, DEBOUNCE);
    return () => clearTimeout(timer);
  }, [text, onSearch]);

  return (
    <search className="search">
      <SearchBox
        label="Search tasks"
        placeholder="Search tasks"
        maxLength={MAX_SEARCH}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}
