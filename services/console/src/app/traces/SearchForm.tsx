import { Button, Field, TextField } from '@lab/ui-kit';
import { type FormEvent, useState } from 'react';
import type { Operations, TracedServices } from '../../contract/traces.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import type { ResolvedRange } from '../time/range.ts';
import { Refused } from '../ui/attempt.tsx';
import { type SearchField, searchProblem, type TraceSearch } from './search.ts';

interface Props {
  initial: TraceSearch;
  range: ResolvedRange;
  onSearch: (search: TraceSearch) => void;
}

/** Choices apply at once, typed text on Enter or by the button. */
export function SearchForm({ initial, range, onSearch }: Props) {
  const [form, setForm] = useState(initial);
  const [refused, setRefused] = useState<string>();
  const times = { from: Math.round(range.from), to: Math.round(range.to) };
  const services = useQuery('traced services', (signal) =>
    getJson<TracedServices>('/api/services', signal, times),
  );
  const operations = useQuery(
    `operations ${form.service}`,
    (signal) =>
      getJson<Operations>(`/api/services/${encodeURIComponent(form.service)}/operations`, signal, times),
    { enabled: form.service !== '' },
  );
  const submit = (next: TraceSearch) => {
    const problem = searchProblem(next);
    setRefused(problem);
    if (problem === undefined) onSearch(next);
  };
  const choose = (changes: Partial<TraceSearch>) => {
    const next = { ...form, ...changes };
    setForm(next);
    submit(next);
  };
  const type = (name: SearchField) => (text: string) => setForm({ ...form, [name]: text });
  const known = <T extends { name: string }>(items: readonly T[] | undefined, chosen: string) =>
    chosen !== '' && items?.every(({ name }) => name !== chosen) !== false ? [chosen] : [];
  return (
    <form
      className="card card-body side"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit(form);
      }}
    >
      <search className="stack-s">
        <Field label="Service">
          {(control) => (
            <select
              {...control}
              value={form.service}
              onChange={(event) => choose({ service: event.target.value, operation: '' })}
            >
              <option value="">any</option>
              {known(services.data?.items, form.service).map((name) => (
                <option key={name}>{name}</option>
              ))}
              {services.data?.items.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Operation">
          {(control) => (
            <select
              {...control}
              value={form.operation}
              disabled={form.service === '' && form.operation === ''}
              onChange={(event) => choose({ operation: event.target.value })}
            >
              <option value="">any</option>
              {known(operations.data?.items, form.operation).map((name) => (
                <option key={name}>{name}</option>
              ))}
              {operations.data?.items.map(({ name, kind }) => (
                <option key={`${name} ${kind}`} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="halves">
          <TextField label="At least" placeholder="100ms" value={form.min} onText={type('min')} />
          <TextField label="At most" placeholder="2s" value={form.max} onText={type('max')} />
        </div>
        <TextField
          label="Tags"
          className="mono"
          data-search
          placeholder="http.route=/api/v1/tasks"
          value={form.tags}
          onText={type('tags')}
        />
        <label className="check row-s">
          <input
            type="checkbox"
            checked={form.error === 'true'}
            onChange={(event) => choose({ error: event.target.checked ? 'true' : '' })}
          />{' '}
          Only with errors
        </label>
        <Refused reason={refused} />
        <Button variant="primary" type="submit">
          Find traces
        </Button>
      </search>
    </form>
  );
}
