import { Loading } from '@lab/ui-kit';
import { lazy, Suspense } from 'react';

const MarkdownText = lazy(() =>
  import('./MarkdownText.tsx').then((module) => ({ default: module.MarkdownText })),
);

interface Props {
  text: string;
  /** Leaves out a first heading that the page shows already. */
  skipTitle?: boolean;
  /** Where a link of the text leads; other files of its folder have other addresses here. */
  resolveLink?: (href: string) => string;
}

/** Markdown as React elements: raw HTML in it is left out, its renderer is fetched when first needed. */
export function Markdown({ text, skipTitle = false, resolveLink = (href) => href }: Props) {
  return (
    <Suspense fallback={<Loading what="text" />}>
      <MarkdownText text={skipTitle ? text.replace(/^\s*#\s[^\n]*\n/, '') : text} resolveLink={resolveLink} />
    </Suspense>
  );
}
