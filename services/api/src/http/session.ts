/** Sessions over express-session; the store is connect-pg-simple on our own database. */
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { SESSION_COOKIE } from '../contract/http.ts';
import type { Database, Statement } from '../database/database.ts';
import type { Session } from './route.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}

/** A session ends this long after login, ms, however much it is used: no request has to write to keep it. */
export const SESSION_LIFETIME_MS = 24 * 60 * 60 * 1000;

const COOKIE = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

export interface SessionOptions {
  database: Database;
  /** Signs the cookie, so that ids cannot be tried without it. */
  secret: string;
  onError: (message: string, error: unknown) => void;
}

export interface Sessions {
  middleware: RequestHandler;
  /** Stops deleting expired rows. */
  close(): Promise<void>;
}

export function createSessions({ database, secret, onError }: SessionOptions): Sessions {
  const Store = connectPgSimple(session);
  const store = new Store({
    // Its documented way to use another driver: every statement goes through our database.
    pgPromise: { any: (text: string, values: unknown[]) => database.query(prepared(text), values) },
    // Touching would cost each request a write (see SESSION_LIFETIME_MS).
    disableTouch: true,
    errorLog: (message: unknown, error: unknown) => onError(String(message), error),
  });
  const middleware = session({
    store,
    secret,
    name: SESSION_COOKIE,
    resave: false,
    saveUninitialized: false,
    cookie: { ...COOKIE, secure: 'auto', maxAge: SESSION_LIFETIME_MS },
  });
  return { middleware, close: async () => store.close() };
}

/** The store's only SELECT is on the path of every request: it is prepared once a connection. */
function prepared(text: string): Statement {
  return text.startsWith('SELECT sess ') ? { name: 'session-by-id', text } : { text };
}

/** What a handler sees of the request's session. Without the middleware (public routes) nobody is logged in. */
export function sessionOf(request: Request): Session {
  return {
    userId: request.session?.userId,
    start: async (userId) => {
      await settled((done) => request.session.regenerate(done));
      request.session.userId = userId;
      // Here, so that a database that is gone becomes a 503 and not a cookie without a session.
      await settled((done) => request.session.save(done));
    },
    end: async () => {
      await settled((done) => request.session.destroy(done));
      request.res?.clearCookie(SESSION_COOKIE, COOKIE);
    },
  };
}

function settled(start: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}
