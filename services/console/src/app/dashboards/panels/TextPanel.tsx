import { Markdown } from '../../ui/Markdown.tsx';
import { interpolate } from '../model/interpolate.ts';
import type { Panel } from '../model/panel.ts';
import { text } from '../model/read.ts';
import { useDashboard } from '../panel-context.ts';
import './table.css';

/** Markdown with the dashboard's variables; HTML and code are shown as the text that they are. */
export function TextPanel({ panel }: { panel: Panel }) {
  const { scope, texts } = useDashboard();
  const content = interpolate(text(panel.options['content']), { ...scope, ...texts }, 'text');
  const mode = text(panel.options['mode'], 'markdown');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="text-panel" tabIndex={0} aria-label={`Text of ${panel.title || 'a panel'}`}>
      {mode === 'markdown' ? <Markdown text={content} /> : <pre>{content}</pre>}
    </section>
  );
}
