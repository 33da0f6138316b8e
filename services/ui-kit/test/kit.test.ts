import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ComponentType, createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Badge, Button, Empty, Failed, Field, IconButton, Loading, Notice, Unknown } from '../src/index.ts';

const markup = <P extends object>(component: ComponentType<P>, props: P) =>
  renderToStaticMarkup(createElement(component, props));
const folder = join(import.meta.dirname, '..');
const style = (name: string) => readFileSync(join(folder, 'src/styles', name), 'utf8');

test('loading, empty, failed and unknown have a look of their own, and say so to a screen reader', () => {
  const states = {
    loading: markup(Loading, { what: 'tasks' }),
    empty: markup(Empty, { title: 'No tasks' }),
    error: markup(Failed, { title: 'Could not load tasks', detail: 'refused' }),
    unknown: markup(Unknown, { what: 'Traffic', reason: 'refused' }),
  };
  for (const [look, html] of Object.entries(states)) {
    expect(html).toContain(`class="state state-${look}"`);
    expect(style('states.css')).toContain(`.state-${look}`);
  }
  expect(states.loading).toContain('role="status"');
  expect(states.loading).toContain('Loading tasks…');
  expect(states.error).toContain('role="alert"');
  expect(states.unknown).toContain('role="status"');
});

test('a field ties its label, and what is wrong in place of the hint, to the control', () => {
  const html = markup(Field, {
    label: 'Title',
    hint: 'Short.',
    error: 'Give it a title.',
    children: (control) => createElement('input', control),
  });
  const id = /<label for="([^"]+)"/.exec(html)?.[1];
  expect(html).toContain(`<input id="${id}" aria-describedby="${id}-note" aria-invalid="true"/>`);
  expect(html).toContain(`<p id="${id}-note" class="field-error">Give it a title.</p>`);
  expect(html).not.toContain('Short.');
});

test('a button submits no form unless it is told to; one with an icon only has a name', () => {
  expect(markup(Button, { children: 'Go' })).toBe('<button type="button" class="button">Go</button>');
  expect(markup(Button, { type: 'submit', variant: 'primary', small: true, children: 'Go' })).toBe(
    '<button type="submit" class="button button-primary button-small">Go</button>',
  );
  expect(markup(IconButton, { icon: 'close', label: 'Close' })).toContain('aria-label="Close"');
});

test('a notice offers only the ways on that it is given, and shows text as text', () => {
  const base = { tone: 'critical', icon: 'warning', role: 'alert' } as const;
  const plain = markup(Notice, { ...base, children: '<b>no markup</b>' });
  expect(plain).toContain('&lt;b&gt;no markup&lt;/b&gt;');
  expect(plain).not.toContain('<button');
  const full = markup(Notice, { ...base, requestId: 'abc', onRetry() {}, onDismiss() {}, children: 'x' });
  expect(full).toContain('<code>abc</code>');
  expect(full).toContain('Try again');
  expect(full).toContain('aria-label="Dismiss"');
});

test('every tone has a colour', () => {
  for (const tone of ['ok', 'warning', 'critical', 'info', 'unknown', 'neutral', 'accent'] as const) {
    expect(markup(Badge, { tone, children: 'x' })).toContain(`tone-${tone}`);
    expect(style('controls.css')).toContain(`.tone-${tone} {`);
  }
});

test('the dark colours replace light ones that are there, and leave out none of the hues', () => {
  const names = (css: string) => [...css.matchAll(/^ {2}(--[\w-]+): #/gm)].map(([, name]) => name).sort();
  expect(names(style('dark.css'))).toEqual(names(style('tokens.css')));
});
