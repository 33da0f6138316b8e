import { visible } from '../format/visible.ts';

/** Any JSON as nested names and values, for data whose shape nobody knows yet. Text stays text. */
export function JsonTree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (value === null || typeof value !== 'object') return <JsonLeaf value={value} />;
  const entries = Object.entries(value);
  if (entries.length === 0)
    return <span className="muted">{Array.isArray(value) ? 'empty list' : 'empty'}</span>;
  if (depth > 6) return <code>{JSON.stringify(value)}</code>;
  return (
    <dl className="pairs json">
      {entries.slice(0, 200).map(([name, entry]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <JsonTree value={entry} depth={depth + 1} />
          </dd>
        </div>
      ))}
      {entries.length > 200 && <div className="muted">and {entries.length - 200} more</div>}
    </dl>
  );
}

function JsonLeaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <span className="json-text">{visible(value)}</span>;
  return <span className="mono">{String(value)}</span>;
}
