/** Links that dashboards, alerts and messages carry, led to where the console shows the same thing. */
export interface Target {
  href: string;
  /** True where the console's own router follows it. */
  internal: boolean;
}

interface Here {
  /** Whether the console draws the dashboards; otherwise absolute links to them open where they lead. */
  dashboards: boolean;
  /** The console's own origin, `http://127.0.0.1:8000`. */
  origin: string;
}

/** Grafana's `/d/<uid>/<slug>` is this console's `/dashboards/<uid>`; time range and `viewPanel` stay. */
function dashboardPath(path: string): string | undefined {
  const match = /^\/d\/([\w-]+)(?:\/[^?#]*)?(\?[^#]*)?$/.exec(path);
  return match ? `/dashboards/${match[1]}${match[2] ?? ''}` : undefined;
}

const OWN_PAGE = /^\/(?:dashboards|alerts|inbox|experiments|logs|traces|runbooks)(?:[/?#]|$)/;

/**
 * @returns undefined for anything that is not a path of ours, http or https (`javascript:` above all): show it as text then.
 */
export function safeTarget(url: string, { dashboards, origin }: Here): Target | undefined {
  const trimmed = url.trim();
  // A second slash or backslash would make it another host's address.
  const relative = /^\/(?![/\\])/.test(trimmed);
  if (!relative && !/^https?:\/\//i.test(trimmed)) return undefined;
  if (!URL.canParse(trimmed, origin)) return undefined;
  const parsed = new URL(trimmed, origin);
  const path = `${parsed.pathname}${parsed.search}${parsed.hash}`;
  const own =
    parsed.origin === origin || parsed.origin === WRITTEN_AS || isSameLoopback(parsed, new URL(origin));
  const dashboard = own || dashboards ? dashboardPath(path) : undefined;
  if (dashboard !== undefined) return { href: dashboard, internal: true };
  if (own && (path === '/' || OWN_PAGE.test(path))) return { href: path, internal: true };
  return { href: own ? path : parsed.href, internal: false };
}

/** How alerts and dashboards write the console's address, whatever its port is today (prometheus/src/links.ts). */
const WRITTEN_AS = 'http://127.0.0.1:8000';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Alerts and messages write the console as `127.0.0.1`; a browser may have come by another name of the same machine. */
function isSameLoopback(a: URL, b: URL): boolean {
  return (
    LOOPBACK.has(a.hostname) && LOOPBACK.has(b.hostname) && a.port === b.port && a.protocol === b.protocol
  );
}

/** Fills a template of the contract's `linkTemplates`: each `{name}` by its encoded value. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}
