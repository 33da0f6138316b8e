import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './CodeBlock.tsx';
import { SmartLink } from './SmartLink.tsx';
import './markdown.css';

interface Props {
  text: string;
  resolveLink: (href: string) => string;
}

/** Loaded through `Markdown.tsx` only. Images are left out: nothing may be fetched from elsewhere. */
export function MarkdownText({ text, resolveLink }: Props) {
  return (
    <div className="markdown">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        disallowedElements={['img']}
        components={{
          a: ({ href, children }) => <SmartLink href={resolveLink(href ?? '')}>{children}</SmartLink>,
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <section className="scroll-x" aria-label="Table" tabIndex={0}>
              <table>{children}</table>
            </section>
          ),
          pre: CodeBlock,
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
