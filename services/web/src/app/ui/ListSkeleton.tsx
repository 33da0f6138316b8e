const ROWS = [72, 48, 60, 40];

/** Stands in for a list that is on its way. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div role="status" className="skeleton">
      <span className="visually-hidden">{label}</span>
      {ROWS.map((width) => (
        <svg key={width} className="skeleton-row" aria-hidden="true" width="100%" height="64">
          <circle cx="32" cy="32" r="11" />
          <rect x="60" y="18" width={`${width}%`} height="12" rx="6" />
          <rect x="60" y="38" width={`${width / 2}%`} height="9" rx="4.5" />
        </svg>
      ))}
    </div>
  );
}
