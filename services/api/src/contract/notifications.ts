import { z } from 'zod';
import { timestamp } from './text.ts';

export const NOTIFICATION_KINDS = ['reminder', 'task_assigned', 'task_completed'] as const;
export const notificationKindSchema = z.enum(NOTIFICATION_KINDS);
export type NotificationKind = z.infer<typeof notificationKindSchema>;

/** One row that the worker delivered; the title is as it was then, `taskId` null once the task is gone. */
export const notificationSchema = z
  .object({
    id: z.uuid(),
    kind: notificationKindSchema,
    taskId: z.uuid().nullable(),
    taskTitle: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof notificationSchema>;

/** Answer of `GET /notifications`: the newest 100, newest first. */
export const notificationListSchema = z
  .object({ items: z.array(notificationSchema) })
  .meta({ id: 'NotificationList' });
export type NotificationList = z.infer<typeof notificationListSchema>;
