import type { LogFacets } from '../../contract/logs.ts';
import type { Query } from '../api/use-query.ts';
import { grouped } from '../format/number.ts';
import { Async } from '../ui/async.tsx';

interface Props {
  query: Query<LogFacets>;
  /** Chosen values, separated by commas. */
  level: string;
  service: string;
  onChange: (name: 'level' | 'service', value: string) => void;
}

/** Levels and services with how often each occurs under the present search. */
export function Facets({ query, level, service, onChange }: Props) {
  return (
    <details className="facets card side" open={window.innerWidth > 860}>
      <summary className="card-head">Filters</summary>
      <div className="card-body">
        <Async query={query} what="filters" lines={4}>
          {({ levels, services, complete }) => (
            <>
              <Facet
                title="Level"
                values={levels}
                chosen={level}
                onChange={(value) => onChange('level', value)}
              />
              <Facet
                title="Service"
                values={services}
                chosen={service}
                onChange={(value) => onChange('service', value)}
              />
              {!complete && <p className="hint">Counted in part: there are more.</p>}
            </>
          )}
        </Async>
      </div>
    </details>
  );
}

interface FacetProps {
  title: string;
  values: LogFacets['levels'];
  chosen: string;
  onChange: (value: string) => void;
}

function Facet({ title, values, chosen, onChange }: FacetProps) {
  const selected = chosen === '' ? [] : chosen.split(',');
  // What is chosen stays visible when nothing of it is left.
  const missing = selected.filter((value) => !values.some((entry) => entry.value === value));
  const shown = [...values, ...missing.map((value) => ({ value, count: 0 }))];
  const toggle = (value: string, on: boolean) =>
    onChange((on ? [...selected, value] : selected.filter((entry) => entry !== value)).join(','));
  return (
    <fieldset className="facet">
      <legend className="hint">{title}</legend>
      {shown.length === 0 && <p className="hint">none in this range</p>}
      {shown.map(({ value, count }) => (
        <label key={value} className="row-s">
          <input
            type="checkbox"
            checked={selected.includes(value)}
            onChange={(event) => toggle(value, event.target.checked)}
          />
          {title === 'Level' && <span className={`level-dot level-fill-${value}`} />}
          <span className="grow truncate">{value}</span>
          <span className="facet-count hint">{grouped(count)}</span>
        </label>
      ))}
    </fieldset>
  );
}
