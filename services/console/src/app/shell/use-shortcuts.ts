import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { refreshAll } from '../api/use-query.ts';
import { PAGES } from './pages.ts';

/** Letters typed into a field are text, not commands; a dialog keeps the keyboard to itself. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, dialog') !== null;
}

/** `g` then a page's letter, `r`, `/` and `?`, on every page. */
export function useGlobalShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let armedUntil = 0;
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const page = PAGES.find(({ key }) => key === event.key);
      if (performance.now() < armedUntil && page) navigate(page.path);
      else if (event.key === '?') onHelp();
      else if (event.key === 'r') refreshAll();
      else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]');
        if (!search) return;
        event.preventDefault();
        search.focus();
        search.select();
      }
      armedUntil = event.key === 'g' ? performance.now() + 1500 : 0;
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [navigate, onHelp]);
}

/** Keys of one page; the handler says whether it used the key. */
export function usePageKeys(handle: (key: string, event: KeyboardEvent) => boolean): void {
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isTyping(event) && latest.current(event.key, event)) event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
