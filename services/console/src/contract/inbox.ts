import { z } from 'zod';
import { isoTime } from './time.ts';

/**
 *     POST /hooks/slack/:channel   slackMessageSchema (JSON, or the form field `payload`) → 200 `ok`
 *     GET  /api/inbox              inboxParameters → inboxPageSchema, newest first
 *     GET  /api/inbox/:id                          → inboxMessageSchema
 *
 * `:channel` is 1 to 80 of a-z, 0-9, `-`, `_`. The inbox keeps a bounded number of messages (oldest go first), across restarts.
 */
export const channelSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'expected 1 to 80 of a-z, 0-9, - and _');

const text = z.string().max(40_000);
const attachmentSchema = z.looseObject({
  color: z.string().max(50).nullish(),
  pretext: text.nullish(),
  title: text.nullish(),
  title_link: z.string().max(4000).nullish(),
  text: text.nullish(),
  fallback: text.nullish(),
  footer: text.nullish(),
  fields: z
    .array(z.looseObject({ title: text.nullish(), value: text.nullish(), short: z.boolean().nullish() }))
    .max(100)
    .nullish(),
  actions: z
    .array(
      z.looseObject({ type: z.string().nullish(), text: z.unknown(), url: z.string().max(4000).nullish() }),
    )
    .max(20)
    .nullish(),
});

/** What Slack's incoming webhooks take, as far as Alertmanager sends it. Unknown members are ignored. */
export const slackMessageSchema = z.looseObject({
  text: text.nullish(),
  username: z.string().max(200).nullish(),
  icon_emoji: z.string().max(200).nullish(),
  attachments: z.array(attachmentSchema).max(100).nullish(),
  blocks: z
    .array(z.looseObject({ type: z.string() }))
    .max(100)
    .nullish(),
});
export type SlackMessage = z.infer<typeof slackMessageSchema>;

export const INBOX_STATUSES = ['firing', 'resolved', 'other'] as const;

export const inboxMessageSchema = z.object({
  id: z.string(),
  channel: z.string(),
  receivedAt: isoTime,
  /** Read from `[FIRING:n]` / `[RESOLVED]` in the title, else from the colour (danger, good). */
  status: z.enum(INBOX_STATUSES),
  /** First title of the attachments, else the first line of the text. */
  title: z.string(),
  text: z.string(),
  username: z.string().nullable(),
  attachments: z.array(
    z.object({
      color: z.string().nullable(),
      pretext: z.string().nullable(),
      title: z.string().nullable(),
      /** Only http and https links are kept. */
      titleLink: z.string().nullable(),
      text: z.string().nullable(),
      footer: z.string().nullable(),
      fields: z.array(z.object({ title: z.string(), value: z.string(), short: z.boolean() })),
      actions: z.array(z.object({ text: z.string(), url: z.string() })),
    }),
  ),
});
export type InboxMessage = z.infer<typeof inboxMessageSchema>;

export const inboxParameters = z.object({
  channel: z.string().max(80).optional(),
  status: z.enum(INBOX_STATUSES).optional(),
  /** Every word must occur (any case, part of a word is enough). */
  q: z.string().max(500).optional(),
  /** Only messages received at or after this time (see timeParameter). */
  since: z.string().max(40).optional(),
  /** 1 to 200, default 50. */
  limit: z.string().optional(),
  cursor: z.string().optional(),
});

export const inboxPageSchema = z.object({
  items: z.array(inboxMessageSchema),
  nextCursor: z.string().nullable(),
  /** Channels seen so far with how many messages of theirs are kept. */
  channels: z.array(z.object({ name: z.string(), messages: z.number() })),
});
export type InboxPage = z.infer<typeof inboxPageSchema>;
