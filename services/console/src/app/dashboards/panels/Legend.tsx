import { Icon } from '@lab/ui-kit';
import { useState } from 'react';
import type { LegendEntry, LegendOptions } from '../model/time-series.ts';
import { nextHidden } from './legend-choice.ts';
import './legend.css';

interface Props {
  title: string;
  options: LegendOptions;
  entries: readonly LegendEntry[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
}

/** Names, colours and figures of a chart's series; a click shows one alone, with Ctrl it hides or shows it. */
export function Legend(props: Props) {
  return props.options.mode === 'table' || props.options.calcs.length > 1 ? (
    <LegendTable {...props} />
  ) : (
    <ul className="legend">
      {props.entries.map((entry) => (
        <li key={entry.key} className="row-s">
          <LegendButton entry={entry} {...props} />
          {entry.calcs.map(({ id, text }) => (
            <span key={id} className="muted nowrap">
              {text}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function LegendButton({ entry, entries, hidden, onHide }: Props & { entry: LegendEntry }) {
  const shown = !hidden.has(entry.key);
  return (
    <button
      type="button"
      className="legend-name bare"
      aria-pressed={shown}
      title={entry.label}
      onClick={(event) => {
        const keys = entries.map(({ key }) => key);
        onHide(nextHidden(keys, hidden, entry.key, event.ctrlKey || event.metaKey));
      }}
    >
      <span className="legend-swatch" data-dashed={entry.dashed} style={{ background: entry.color }} />
      <span className="legend-text truncate">{entry.label}</span>
    </button>
  );
}

function LegendTable(props: Props) {
  const { sortBy, descending } = props.options;
  const [sort, setSort] = useState(sortBy === undefined ? undefined : { id: sortBy, descending });
  const names = props.entries[0]?.calcs ?? [];
  const value = (entry: LegendEntry) =>
    entry.calcs.find(({ id }) => id === sort?.id)?.value ?? Number.NEGATIVE_INFINITY;
  const sorted = sort
    ? [...props.entries].sort((a, b) => (sort.descending ? -1 : 1) * (value(a) - value(b)))
    : props.entries;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="legend-table" aria-label={`Legend of ${props.title}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Series</span>
            </th>
            {names.map(({ id, name }) => (
              <th
                key={id}
                scope="col"
                className="num"
                aria-sort={sort?.id === id ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  className="sort-button bare"
                  onClick={() => setSort({ id, descending: sort?.id === id ? !sort.descending : true })}
                >
                  {name}
                  {sort?.id === id && <Icon name="chevron" />}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((entry) => (
            <tr key={entry.key}>
              <td>
                <LegendButton entry={entry} {...props} />
              </td>
              {entry.calcs.map(({ id, text }) => (
                <td key={id} className="num">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
