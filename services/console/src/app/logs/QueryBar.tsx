import { Button, SearchBox } from '@lab/ui-kit';
import { type FormEvent, useEffect, useState } from 'react';
import { SUGGESTED_FIELDS } from '../../contract/query-language.ts';
import type { ApiError } from '../api/http.ts';

interface Props {
  query: string;
  /** A refused query says where it went wrong. */
  problem: ApiError | undefined;
  /** How far the query stood to the right in what was sent. */
  shift: number;
  onSearch: (query: string) => void;
}

/** The query, taken over on Enter. Field names are offered while a word without a colon is typed. */
export function QueryBar({ query, problem, shift, onSearch }: Props) {
  const [words, setWords] = useState(query);
  useEffect(() => setWords(query), [query]);
  const refused = problem?.status === 400 && problem.problem?.parameter === 'q';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(words.trim());
  };
  return (
    <form className="query-bar" onSubmit={submit}>
      <search className="row">
        <SearchBox
          label="Query"
          className="mono"
          list="log-fields"
          autoComplete="off"
          spellCheck={false}
          placeholder="timeout http.response.status_code>=500 NOT url.path:/api/v1/users/*"
          aria-invalid={refused}
          aria-describedby={refused ? 'query-problem' : undefined}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <datalist id="log-fields">
          {SUGGESTED_FIELDS.map((field) => (
            <option key={field} value={`${field}:`} />
          ))}
        </datalist>
        <Button variant="primary" type="submit">
          Search
        </Button>
        <QueryHelp />
      </search>
      {refused && (
        <p id="query-problem" className="text-critical query-problem">
          {problem.message.replace(/ at position \d+$/, '')}
          <Marked query={query} position={(problem.problem?.position ?? 0) - shift} />
        </p>
      )}
    </form>
  );
}

/** The query with the place at which its syntax went wrong. */
function Marked({ query, position }: { query: string; position: number }) {
  const at = Math.max(0, Math.min(position, query.length));
  return (
    <code className="query-marked">
      {query.slice(0, at)}
      <mark>{query.slice(at, at + 1) || ' '}</mark>
      {query.slice(at + 1)}
    </code>
  );
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['timeout', 'the record’s text holds this word'],
  ['time*', 'a word that begins so'],
  ['"connection refused"', 'these words in a row'],
  ['http.response.status_code:500', 'this field equals'],
  ['url.path:/api/*', 'the field begins with'],
  ['trace.id:*', 'the field exists'],
  ['event.duration>100000000', 'more than 100 ms (nanoseconds); also >= < <='],
  ['a b   a AND b   a OR b   NOT a   (a OR b) c', 'together, either, not, grouping'],
];

function QueryHelp() {
  return (
    <details className="query-help">
      <summary className="button">Syntax</summary>
      <dl className="popover query-examples">
        {EXAMPLES.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
