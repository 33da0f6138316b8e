import { Dialog } from '@lab/ui-kit';
import { PAGES } from './pages.ts';

const GROUPS: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ...PAGES.map(({ key, title }) => [`g ${key}`, title] as const),
      ['r', 'Ask again for everything on the page'],
      ['/', 'Search'],
      ['?', 'This list'],
    ],
  },
  {
    title: 'Time range',
    keys: [
      ['[  ]', 'Earlier, later'],
      ['z', 'Zoom out'],
    ],
  },
  {
    title: 'Lists of logs and traces',
    keys: [
      ['j  k', 'Next, previous'],
      ['Enter', 'Open or expand'],
      ['x', 'Jump from a log line to its trace'],
      ['p', 'Logs: live tail on, off'],
      ['Esc', 'Close'],
    ],
  },
];

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog closesOutside title="Keyboard shortcuts" onClose={onClose}>
      <div className="stack">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl className="shortcuts">
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(/\s+/).map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
