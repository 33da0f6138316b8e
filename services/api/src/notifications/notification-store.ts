import type { NotificationKind } from '../contract/notifications.ts';
import type { Queryable } from '../database/database.ts';

export interface StoredNotification {
  id: string;
  kind: NotificationKind;
  taskId: string | null;
  taskTitle: string;
  createdAt: Date;
}

export interface NotificationStore {
  /** The newest, newest first. */
  newest(userId: string, limit: number): Promise<StoredNotification[]>;
}

const NEWEST = {
  name: 'notifications-newest',
  text: `SELECT id, kind, task_id AS "taskId", task_title AS "taskTitle", created_at AS "createdAt"
           FROM notifications WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`,
};

export function createNotificationStore(database: Queryable): NotificationStore {
  return { newest: (userId, limit) => database.query(NEWEST, [userId, limit]) };
}
