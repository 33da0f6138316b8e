/** A Slack webhook's message as the inbox keeps it: what a channel would have shown, as plain data. */
import type { InboxMessage, SlackMessage } from '../../contract/inbox.ts';

export interface ReadMessage {
  message: Omit<InboxMessage, 'id'>;
  /** Everything a person may search for, lower case. */
  search: string;
}

/** @returns undefined when it would show nothing. */
export function readSlackMessage(
  channel: string,
  body: SlackMessage,
  receivedAt: Date,
): ReadMessage | undefined {
  const attachments = (body.attachments ?? []).map((attachment) => ({
    color: attachment.color ?? null,
    pretext: attachment.pretext || null,
    title: attachment.title || null,
    titleLink: webLink(attachment.title_link),
    text: attachment.text || (attachment.title ? null : attachment.fallback || null),
    footer: attachment.footer || null,
    fields: (attachment.fields ?? []).map(({ title, value, short }) => ({
      title: title ?? '',
      value: value ?? '',
      short: short ?? false,
    })),
    actions: (attachment.actions ?? []).flatMap((action) => {
      const url = webLink(action.url);
      return url === null ? [] : [{ text: plainText(action.text) || url, url }];
    }),
  }));
  const text = [body.text ?? '', ...(body.blocks ?? []).map(blockText)]
    .filter((part) => part !== '')
    .join('\n');
  if (
    text === '' &&
    attachments.every(
      ({ title, text: content, pretext, fields }) => !title && !content && !pretext && fields.length === 0,
    )
  )
    return undefined;
  const title =
    attachments.find((attachment) => attachment.title)?.title ??
    firstLine(text || attachments[0]?.text || attachments[0]?.pretext || '');
  const message = {
    channel,
    receivedAt: receivedAt.toISOString(),
    status: statusOf([title, text, ...attachments.map(({ text: content }) => content ?? '')], attachments),
    title,
    text,
    username: body.username || null,
    attachments,
  };
  const words = [
    title,
    text,
    body.username ?? '',
    ...attachments.flatMap((attachment) => [
      attachment.pretext ?? '',
      attachment.title ?? '',
      attachment.text ?? '',
      attachment.footer ?? '',
      ...attachment.fields.flatMap((field) => [field.title, field.value]),
    ]),
  ];
  return {
    message,
    search: words
      .filter((part) => part !== '')
      .join('\n')
      .toLowerCase(),
  };
}

/** Alertmanager's titles begin `[FIRING:2]` or `[RESOLVED]`; without one, the colour says it. */
function statusOf(texts: string[], attachments: { color: string | null }[]): InboxMessage['status'] {
  for (const text of texts) {
    const [, word] = /\[(FIRING|RESOLVED)(?::\d+)?\]/i.exec(text) ?? [];
    if (word !== undefined) return word.toUpperCase() === 'FIRING' ? 'firing' : 'resolved';
  }
  const colors = attachments.map(({ color }) => color?.toLowerCase());
  if (colors.some((color) => color === 'danger' || color === 'warning')) return 'firing';
  return colors.includes('good') ? 'resolved' : 'other';
}

/** Text of a block (`section`, `header`, `context`), so that a message of blocks alone is readable. */
function blockText(block: Readonly<Record<string, unknown>>): string {
  const parts = [block['text'], ...listOf(block['fields']), ...listOf(block['elements'])];
  return parts
    .map(plainText)
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, 40_000);
}

/** A string, or Slack's `{type, text}`. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  const inner = typeof value === 'object' && value !== null && 'text' in value ? value.text : '';
  return typeof inner === 'string' ? inner : '';
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, 100) : [];
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 300) ?? '';
}

/** Anything but http and https could run in the page that shows it. */
function webLink(link: string | null | undefined): string | null {
  if (!link || !URL.canParse(link)) return null;
  return /^https?:$/.test(new URL(link).protocol) ? link : null;
}
