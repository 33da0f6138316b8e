import { notificationListSchema } from '../contract/notifications.ts';
import { type Route, route } from '../http/route.ts';
import type { NotificationStore } from './notification-store.ts';

const SHOWN = 100;

/** The worker writes notifications; there is nothing to decide here, so no service stands between. */
export function notificationRoutes(notifications: NotificationStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/notifications',
      summary: `What was delivered to me: the newest ${SHOWN}`,
      access: 'user',
      replies: { 200: { description: 'Newest first', schema: notificationListSchema } },
      handle: async ({ userId }) => {
        const rows = await notifications.newest(userId, SHOWN);
        const items = rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
        return { status: 200, body: { items } };
      },
    }),
  ];
}
