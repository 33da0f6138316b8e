import { isValidElement, type ReactNode } from 'react';
import { fillTemplate } from '../links/target.ts';
import { useLab } from '../shell/lab-context.ts';
import { SmartLink } from './SmartLink.tsx';

/** The language and the text of a fenced block, from the `code` element that react-markdown puts inside. */
function readCode(children: ReactNode): { language: string; text: string } {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children))
    return { language: '', text: '' };
  const { className = '', children: content } = children.props;
  return {
    language: /language-(\w+)/.exec(className)?.[1] ?? '',
    text: typeof content === 'string' ? content.trim() : '',
  };
}

/** A fenced block; a query in it can be asked with one click, which is what a runbook is for. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const { lab } = useLab();
  const { language, text } = readCode(children);
  const link =
    lab === undefined || text === ''
      ? undefined
      : language === 'promql'
        ? { href: fillTemplate(lab.linkTemplates.graph, { expr: text }), text: 'Ask Prometheus' }
        : language === 'kql'
          ? { href: fillTemplate(lab.linkTemplates.logs, { query: text }), text: 'Search the logs' }
          : undefined;
  return (
    <div className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{children}</pre>
      {link && <SmartLink href={link.href}>{link.text}</SmartLink>}
    </div>
  );
}
