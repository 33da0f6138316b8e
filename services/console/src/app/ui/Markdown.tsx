import { lazy, Suspense } from 'react';
import { Loading } from './states.tsx';

const MarkdownText = lazy(() =>
  import('./MarkdownText.tsx').then((module) => ({ default: module.MarkdownText })),
);

/** Markdown as React elements: raw HTML in it is left out, its renderer is fetched when first needed. */
export function Markdown({ text, skipTitle = false }: { text: string; skipTitle?: boolean }) {
  return (
    <Suspense fallback={<Loading what="text" />}>
      <MarkdownText text={skipTitle ? text.replace(/^\s*#\s[^\n]*\n/, '') : text} />
    </Suspense>
  );
}
