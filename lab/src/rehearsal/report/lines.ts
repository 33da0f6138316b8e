/** A rehearsal as lines for a terminal: what fires in each recording, what the edit changes, which promises it breaks. */
import { formatDuration, table } from '../../cli/output.ts';
import type { Notification } from '../alertmanager/notifications.ts';
import type { Unread } from '../evaluate.ts';
import { type Change, type Firing, type Judged, seconds } from '../judge.ts';
import type { Rehearsal } from '../rehearse.ts';
import { failedToExpand } from '../templates.ts';

/** One row for each recording: the alerts that fire now, each with its moment. */
export function recordingTable({ recordings }: Rehearsal): string[] {
  const rows = recordings.map(({ judged }) => [
    judged.recording,
    judged.alerts
      .filter(({ after }) => after)
      .toSorted((one, other) => (one.after?.afterSeconds ?? 0) - (other.after?.afterSeconds ?? 0))
      .map(({ alert, after }) => `${alert} ${momentOf(after)}`)
      .join(', ') || 'none',
    judged.broken.length === 0 ? 'kept' : 'broken',
  ]);
  return table([['recording', 'alerts that fire', 'promises'], ...rows]);
}

/** A line for each difference between what really fired and what the rules would do now. */
export function changeLines({ recordings }: Rehearsal): string[] {
  return recordings.flatMap(({ judged, evaluated }) => [
    ...judged.changes.map(changeLine),
    ...firstLine(judged),
    ...judged.messages.gone.map((each) => messageLine(judged, each, 'no longer sent')),
    ...judged.messages.added.map((each) => messageLine(judged, each, 'sent now')),
    ...evaluated.refused.map(
      ({ rule, error }) => `${rule} in ${judged.recording}: Prometheus refuses to evaluate it: ${error}`,
    ),
  ]);
}

/** `HighErrorRate in api-errors: fired after 24.6 s, now never · promise broken` */
export function changeLine(change: Change): string {
  return `${change.alert} in ${change.recording}: ${differenceOf(change)} · ${consequenceOf(change)}`;
}

function differenceOf({ before, after }: Change): string {
  if (!before && !after) return 'never fires';
  if (!before) return `was silent, now fires ${whenOf(after)}`;
  if (!after) return `fired ${whenOf(before)}, now never`;
  if (before.afterSeconds.toFixed(1) !== after.afterSeconds.toFixed(1))
    return `fired ${whenOf(before)}, now ${whenOf(after)}`;
  if (before.ended !== after.ended)
    return after.ended ? 'went on to the end, now ends before' : 'ended, now goes on to the end';
  return `fires with other labels: ${labelsOf(before)}, now ${labelsOf(after)}`;
}

function consequenceOf({ expected, broken }: Change): string {
  if (broken !== undefined) return expected === 'silent' ? 'promise broken: a false alarm' : 'promise broken';
  return expected === 'fire'
    ? 'promise kept'
    : expected === 'may-fire'
      ? 'may fire'
      : 'no longer a false alarm';
}

function firstLine({ recording, first }: Judged): string[] {
  if (!first?.before || !first.after) return [];
  return [`${first.after} in ${recording}: fires first now, before it was ${first.before}`];
}

function messageLine(
  { recording }: Judged,
  { receiver, status, alerts }: Notification,
  what: string,
): string {
  return `message to ${receiver} in ${recording}: ${alerts.join(', ')} ${status}: ${what}`;
}

/**
 * Selectors that an edit made, and that find nothing in any recording: a misspelt name, or a series that was not recorded. New alerts
 * of which nothing was recorded stand in one line: these recordings cannot judge them.
 */
export function unreadLines({ recordings, newAlerts }: Rehearsal): string[] {
  const found = new Map<string, Unread & { recordings: number }>();
  for (const one of recordings.flatMap(({ evaluated }) => evaluated.unread)) {
    const key = `${one.rule} ${one.selector}`;
    const known = found.get(key) ?? { ...one, recordings: 0 };
    found.set(key, {
      ...known,
      nothing: known.nothing && one.nothing,
      recordings: known.recordings + 1,
    });
  }
  const unread = [...found.values()].filter((each) => each.recordings === recordings.length);
  const isUnjudged = ({ rule, nothing }: Unread) => nothing && newAlerts.has(rule);
  const unjudged = [...new Set(unread.filter(isUnjudged).map(({ rule }) => rule))];
  return [
    ...unread
      .filter((each) => !isUnjudged(each))
      .map(({ rule, selector }) => `${rule} reads ${selector}, of which no recording holds a sample`),
    ...(unjudged.length === 0
      ? []
      : [`new, and not judged, for no recording holds what they read: ${unjudged.join(', ')}`]),
  ];
}

/** Annotations whose template fails, each once. */
export function brokenTextLines({ recordings }: Rehearsal): string[] {
  const lines = recordings.flatMap(({ annotations }) =>
    [...annotations].flatMap(([{ alert }, texts]) =>
      Object.entries(texts)
        .filter(([, text]) => failedToExpand(text))
        .map(([name, text]) => `${alert}: its ${name} cannot be filled in: ${text}`),
    ),
  );
  return [...new Set(lines)];
}

export function summaryLine({ recordings, milliseconds, touched }: Rehearsal): string {
  const broken = recordings.filter(({ judged }) => judged.broken.length > 0).length;
  const changes = recordings.reduce((sum, { judged }) => sum + judged.changes.length, 0);
  return [
    `${counted(recordings.length, 'recording')} in ${formatDuration(milliseconds)}`,
    touched.size === 0
      ? 'the rules are the recorded ones'
      : `${counted(touched.size, 'alert')} edited or reading what is`,
    `${counted(changes, 'outcome')} unlike the live run`,
    broken === 0 ? 'every promise kept' : `promises broken in ${broken}`,
  ].join('; ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function momentOf(firing: Firing | undefined): string {
  const after = firing?.afterSeconds ?? 0;
  return after < 0 ? `${seconds(-after)} before the method` : seconds(after);
}

function whenOf(firing: Firing | undefined): string {
  return (firing?.afterSeconds ?? 0) < 0 ? momentOf(firing) : `after ${momentOf(firing)}`;
}

function labelsOf({ labels }: Firing): string {
  return `{${Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`;
}
