/** Line icons on a 16-pixel grid, in the colour of the text; decorative unless given a label. */
const PATHS = {
  overview: 'M2 8h3l2-5 3 10 2-5h2',
  alerts: 'M8 2a4 4 0 0 0-4 4c0 4-2 5-2 5h12s-2-1-2-5a4 4 0 0 0-4-4ZM6.5 13.5a1.6 1.6 0 0 0 3 0',
  inbox: 'M2 9h3l1 2h4l1-2h3M2 9l2-6h8l2 6v4H2V9Z',
  experiments: 'M6 2h4M7 2v4l-4 7a.7.7 0 0 0 .6 1h8.8a.7.7 0 0 0 .6-1L9 6V2M5 10h6',
  dashboards: 'M2 2h5v6H2zM9 2h5v3.5H9zM9 7.5h5V14H9zM2 10h5v4H2z',
  logs: 'M2 3.5h12M2 8h12M2 12.5h7',
  traces: 'M2 3.5h7M5 8h8M8 12.5h6',
  graph:
    'M4 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM12 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5.8 4.9l4.4 2.2M10.3 9l-3.6 2',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7Z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM11 11l3.5 3.5',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.5V5H10',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.5 1.5',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  external: 'M6 3H3v10h10v-3M9 3h4v4M13 3 7.5 8.5',
  warning: 'M8 2 1.5 13.5h13L8 2ZM8 6.5v3.2M8 11.6v.1',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.5M8 10.8v.1',
  ok: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.3 8.2l1.9 1.9 3.6-4',
  unknown: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.6.2-.8.6-.8 1.1M8 11.1v.1',
  empty: 'M3 3h10v10H3zM6 8h4',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.3V11M8 5v.1',
  silence:
    'M4 6a4 4 0 0 1 6.5-3M12 6.5c0 3.5 2 4.5 2 4.5H5.5M4 7.5C3.8 10 2 11 2 11M6.5 13.5a1.6 1.6 0 0 0 3 0M2 2l12 12',
  play: 'M4.5 2.5v11l9-5.5-9-5.5Z',
  pause: 'M5 3v10M11 3v10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.1M6.700 6.5h.1M9.400 6.5h.1M12 6.5h.1M4.5 9.5h7',
  table: 'M2 3h12v10H2zM2 6.5h12M6.5 6.5V13',
  expand: 'M9.5 2H14v4.5M14 2 9.5 6.5M6.5 14H2V9.5M2 14l4.5-4.5',
  book: 'M3 2.5h7a2 2 0 0 1 2 2v9H5a2 2 0 0 1-2-2v-9ZM3 11.5a2 2 0 0 1 2-2h7',
  zoomOut: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM11 11l3.5 3.5M5 7h4',
  check: 'M3.5 8.5 6.5 11.5 12.5 5',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 7v4M9.3 7v4',
  person: 'M8 8a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.7 13.7c.6-2.5 2.5-3.9 5.3-3.9s4.7 1.4 5.3 3.9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  const shared = { className: 'icon', viewBox: '0 0 16 16' };
  const path = <path d={PATHS[name]} />;
  return label === undefined ? (
    <svg {...shared} aria-hidden="true">
      {path}
    </svg>
  ) : (
    <svg {...shared} role="img" aria-label={label}>
      {path}
    </svg>
  );
}
