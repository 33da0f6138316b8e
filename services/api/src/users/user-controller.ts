import { credentialsSchema, registrationSchema, userSchema } from '../contract/users.ts';
import { type Route, route } from '../http/route.ts';
import { ProblemError } from '../problem-error.ts';
import type { UserService } from './user-service.ts';

export function userRoutes(service: UserService): Route[] {
  return [
    route({
      method: 'post',
      path: '/users',
      summary: 'Register',
      access: 'public',
      body: registrationSchema,
      replies: { 201: { description: 'The new account', schema: userSchema } },
      problems: ['email_taken'],
      handle: async ({ body }) => ({ status: 201, body: await service.register(body) }),
    }),
    route({
      method: 'post',
      path: '/users/login',
      summary: 'Log in: starts a session, whose cookie is HttpOnly and SameSite=Lax',
      access: 'session',
      body: credentialsSchema,
      replies: { 200: { description: 'Who logged in', schema: userSchema, headers: ['Set-Cookie'] } },
      problems: ['invalid_credentials', 'too_many_requests'],
      handle: async ({ body, session, address }) => {
        const user = await service.logIn(body, address);
        await session.start(user.id);
        return { status: 200, body: user };
      },
    }),
    route({
      method: 'post',
      path: '/users/logout',
      summary: 'Log out: ends the session, if there is one',
      access: 'session',
      replies: { 204: { description: 'Nobody is logged in' } },
      handle: async ({ session }) => {
        await session.end();
        return { status: 204 };
      },
    }),
    route({
      method: 'get',
      path: '/users/me',
      summary: 'Who is logged in',
      access: 'user',
      replies: { 200: { description: 'The account of the session', schema: userSchema } },
      handle: async ({ userId }) => {
        const user = await service.find(userId);
        if (!user) throw new ProblemError('unauthenticated');
        return { status: 200, body: user };
      },
    }),
  ];
}
