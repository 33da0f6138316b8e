import { Button, Icon, IconButton } from '@lab/ui-kit';
import { useState } from 'react';
import { Link } from 'react-router';
import type { LogDetail, LogRecord } from '../../contract/logs.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { visible } from '../format/visible.ts';
import { Async } from '../ui/async.tsx';
import { isSearchable } from './query.ts';
import { DEFECTS, fieldText, orderedFields } from './record.ts';

interface Props {
  record: LogRecord;
  onField: (field: string, value: unknown, negate: boolean) => void;
}

/** A line in full: every field with ways to search for it, its trace, and the line as it was written. */
export function LogRecordView({ record, onField }: Props) {
  const [raw, setRaw] = useState(false);
  const fields = orderedFields(record.fields);
  return (
    <div className="record stack-s">
      {record.defect !== null && (
        <p className="stale row-s">
          <Icon name="warning" /> {DEFECTS[record.defect]}
        </p>
      )}
      <p className="row record-actions">
        {record.traceId !== null && (
          <Link className="button button-small" to={`/traces/${encodeURIComponent(record.traceId)}`}>
            <Icon name="traces" /> Its trace
          </Link>
        )}
        {record.requestId !== null && (
          <Button small onClick={() => onField('http.request.id', record.requestId, false)}>
            <Icon name="search" /> Lines of this request
          </Button>
        )}
        <Button small aria-expanded={raw} onClick={() => setRaw(!raw)}>
          {raw ? 'Hide the raw line' : 'Raw line'}
        </Button>
      </p>
      {raw && <RawLine id={record.id} />}
      {fields.length === 0 && <pre className="raw">{visible(record.message)}</pre>}
      <dl className="fields">
        {fields.map(([name, value]) => (
          <div key={name} className="field-line hoverable">
            <dt>
              {isSearchable(value) && (
                <span className="field-buttons">
                  <IconButton
                    icon="plus"
                    label={`Only lines with this ${name}`}
                    title="Only lines with this value"
                    onClick={() => onField(name, value, false)}
                  />
                  <IconButton
                    icon="minus"
                    label={`Only lines without this ${name}`}
                    title="Only lines without this value"
                    onClick={() => onField(name, value, true)}
                  />
                </span>
              )}
              <span className="field-name">{visible(name)}</span>
            </dt>
            <dd>{fieldText(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function RawLine({ id }: { id: string }) {
  const query = useQuery(`log ${id}`, (signal) =>
    getJson<LogDetail>(`/api/logs/${encodeURIComponent(id)}`, signal),
  );
  return (
    <Async query={query} what="the raw line">
      {({ raw, file }) => (
        <figure className="stack-s">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="raw" tabIndex={0}>
            {visible(raw)}
          </pre>
          {file !== null && <figcaption className="hint">from {file}</figcaption>}
        </figure>
      )}
    </Async>
  );
}
