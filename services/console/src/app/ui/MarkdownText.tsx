import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { SmartLink } from './SmartLink.tsx';
import './markdown.css';

/** Loaded through `Markdown.tsx` only. Images are left out: nothing may be fetched from elsewhere. */
export function MarkdownText({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        disallowedElements={['img']}
        components={{
          a: ({ href, children }) => <SmartLink href={href ?? ''}>{children}</SmartLink>,
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <section className="scroll-x" aria-label="Table" tabIndex={0}>
              <table>{children}</table>
            </section>
          ),
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
