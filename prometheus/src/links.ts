/**
 * Where an alert's links lead: the console, which shows runbooks itself and dashboards itself in lite, and redirects to Grafana in full.
 * One fixed address for both modes; whoever moves the console's port has `lab` render the rules with theirs.
 */
export const CONSOLE_URL = 'http://127.0.0.1:8000';

export function runbookUrl(alert: string): string {
  return `${CONSOLE_URL}/runbooks/${alert}`;
}

export function dashboardUrl(uid: string): string {
  return `${CONSOLE_URL}/dashboards/${uid}`;
}
