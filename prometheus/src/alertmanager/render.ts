import { parse, stringify } from 'yaml';

/** Where full mode keeps the webhook files, and reaches the console: what `alertmanager/alertmanager.yml` is written with. */
const SECRETS_DIRECTORY = '/etc/alertmanager/secrets';
const CONSOLE_URL = 'http://console:8000';

export interface AlertmanagerPlace {
  /** Absolute path of the folder that holds `slack-alerts-url` and `slack-critical-alerts-url`. */
  secretsDirectory: string;
  /** The console as Alertmanager reaches it, without a trailing slash. */
  consoleUrl: string;
  /** Absolute path of `alertmanager/templates`, or of a copy of it. */
  templatesDirectory: string;
}

/**
 * `alertmanager.yml` for another place than full mode's containers: the same text with that place's paths and addresses.
 * Alertmanager expands no environment variables, and takes a relative `*_file` from its working directory.
 * Throws a YAMLParseError when the text is not YAML.
 */
export function renderAlertmanager(text: string, place: AlertmanagerPlace): string {
  const moved = mapStrings(parse(text, { merge: true }), (value) => {
    if (value.startsWith(`${SECRETS_DIRECTORY}/`))
      return place.secretsDirectory + value.slice(SECRETS_DIRECTORY.length);
    if (value.startsWith(`${CONSOLE_URL}/`)) return place.consoleUrl + value.slice(CONSOLE_URL.length);
    if (value.startsWith('templates/')) return place.templatesDirectory + value.slice('templates'.length);
    return value;
  });
  return stringify(moved, { lineWidth: 0, aliasDuplicateObjects: false });
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}
