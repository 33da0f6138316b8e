/** A list that comes in pages, newest first: the first as it was asked for, older ones by a button below it. */
import { Button } from '@lab/ui-kit';
import { type ReactNode, useState } from 'react';
import { getJson, type Parameters } from '../api/http.ts';
import { Refused, useAttempt } from './attempt.tsx';

interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** @param idOf tells items apart: a refresh moves them from one page to the next, and each is shown once. */
export function usePages<T, P extends Page<T>>(
  path: string,
  first: P & Page<T>,
  idOf: (item: T) => string,
  parameters: Parameters = {},
) {
  const [older, setOlder] = useState<P[]>([]);
  const { attempt, ...state } = useAttempt();
  const pages = [first, ...older];
  const last: P = older.at(-1) ?? first;
  const items = [...new Map(pages.flatMap((page) => page.items.map((item) => [idOf(item), item]))).values()];
  const cursor = last.nextCursor ?? undefined;
  const ask = () =>
    attempt(async () => {
      const next = await getJson<P>(path, new AbortController().signal, { ...parameters, cursor });
      setOlder([...older, next]);
    });
  return { pages, last, items, older: { ...state, ask, left: cursor !== undefined } };
}

interface OlderProps {
  older: ReturnType<typeof usePages>['older'];
  className?: string;
  /** The button's words. */
  children: ReactNode;
}

export function Older({ older, className = '', children }: OlderProps) {
  return (
    <>
      <Refused reason={older.failure} className={className} />
      {older.left && (
        <p className={className}>
          <Button disabled={older.busy} onClick={() => void older.ask()}>
            {children}
          </Button>
        </p>
      )}
    </>
  );
}
