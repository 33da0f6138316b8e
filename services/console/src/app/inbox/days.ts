import type { InboxMessage } from '../../contract/inbox.ts';
import { dateTime, sameDay } from '../format/time.ts';

/** Messages under the day they arrived on, in the order given: `Today`, `Yesterday`, `2026-11-20`. */
export function byDay(
  messages: readonly InboxMessage[],
  now: number,
): { day: string; items: InboxMessage[] }[] {
  const days: { day: string; items: InboxMessage[] }[] = [];
  for (const message of messages) {
    const at = Date.parse(message.receivedAt);
    const day = sameDay(at, now)
      ? 'Today'
      : sameDay(at, now - 86_400_000)
        ? 'Yesterday'
        : dateTime(at).slice(0, 10);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(message);
    else days.push({ day, items: [message] });
  }
  return days;
}
