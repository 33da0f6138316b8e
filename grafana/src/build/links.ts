import { CONSOLE_URL } from '@lab/prometheus';
import { alert } from './thresholds.ts';

export interface Link {
  title: string;
  url: string;
}

/** How links carry the time that is shown: Grafana and the console both fill these in. */
const SHOWN = 'from=$__from&to=$__to';

/** Where the title beside it says enough, or there is little room. */
export function shortRunbook(name: string): Link {
  return { ...runbook(name), title: 'Runbook' };
}

/** An alert's runbook. @throws Error for an alert that does not exist. */
export function runbook(name: string): Link {
  return { title: `Runbook ${name}`, url: alert(name).runbookUrl };
}

/** In a table's link: the cell that was clicked, fit for an address. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's placeholder, not ours
export const CELL = '${__value.raw:percentencode}';

/** Log lines in the time shown; in full mode the console leads on to Kibana. @param query in the words of docs/investigating.md. */
export function logs(title: string, query: string): Link {
  const q = query.split(CELL).map(encodeURIComponent).join(CELL);
  return { title, url: `${CONSOLE_URL}/logs?q=${q}&${SHOWN}` };
}

/** Traces in the time shown; where the console does not keep them, it leads on to the tool that does. */
export function traces(title: string, service: string): Link {
  return { title, url: `${CONSOLE_URL}/traces?service=${service}&${SHOWN}` };
}

export function consolePage(title: string, path: string): Link {
  return { title, url: `${CONSOLE_URL}${path}` };
}

/** Another dashboard, at the time that is shown. */
export function dashboardPath(uid: string): string {
  return `/d/${uid}`;
}
