/**
 * The pages of the browser app. One list for the app's router, for the server (which answers these paths with the
 * app and every other with 404) and for the label `route` of browser telemetry, so that no label is ever free text.
 */
export const PAGES = {
  tasks: '/',
  newTask: '/tasks/new',
  task: '/tasks/:id',
  notifications: '/notifications',
  login: '/login',
  register: '/register',
} as const;

/** Label for a path that is no page. */
export const OTHER_PAGE = 'other';

export type PageTemplate = (typeof PAGES)[keyof typeof PAGES] | typeof OTHER_PAGE;

/** Every value that the label `route` of browser telemetry can have. */
export const PAGE_TEMPLATES: readonly PageTemplate[] = [...Object.values(PAGES), OTHER_PAGE];

const FIXED_PAGES = new Set<string>(Object.values(PAGES).filter((template) => !template.includes(':')));
const TASK_PAGE = /^\/tasks\/[^/]+$/;

/** The template of the page at a path (`/tasks/42` → `/tasks/:id`), or `other`. */
export function pageOf(pathname: string): PageTemplate {
  if (FIXED_PAGES.has(pathname)) return pathname as PageTemplate;
  return TASK_PAGE.test(pathname) ? PAGES.task : OTHER_PAGE;
}
