/** The session and the API for every component below. */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useReducer } from 'react';
import type { Credentials, Registration } from 'taskmanager-api/contract';
import { createApiClient } from '../http/api-client.ts';
import { hasStatus } from '../http/api-error.ts';
import { createTaskApi, type TaskApi } from '../http/task-api.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { type SessionState, sessionReducer } from './session-state.ts';

export interface Session {
  state: SessionState;
  api: TaskApi;
  logIn: (credentials: Credentials) => Promise<void>;
  /** Makes the account, and logs in. */
  register: (registration: Registration) => Promise<void>;
  logOut: () => Promise<void>;
  /** Asks again who is using the app, after that failed. */
  retry: () => void;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above');
  return session;
}

export function SessionProvider({ tracer, children }: { tracer: Tracer; children: ReactNode }) {
  const [state, dispatch] = useReducer(sessionReducer, { phase: 'loading' });
  const [attempt, countAttempt] = useReducer((count: number) => count + 1, 0);
  const api = useMemo(
    () => createTaskApi(createApiClient({ tracer, onUnauthenticated: () => dispatch({ type: 'expired' }) })),
    [tracer],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    const controller = new AbortController();
    dispatch({ type: 'asked' });
    api.me(controller.signal).then(
      (user) => dispatch({ type: 'answered', user }),
      (error) => {
        if (controller.signal.aborted) return;
        dispatch(hasStatus(error, 401) ? { type: 'refused' } : { type: 'failed', error });
      },
    );
    return () => controller.abort();
  }, [api, attempt]);

  const logIn = useCallback(
    async (credentials: Credentials) => dispatch({ type: 'logged-in', user: await api.logIn(credentials) }),
    [api],
  );
  const register = useCallback(
    async (registration: Registration) => {
      await api.register(registration);
      await logIn({ email: registration.email, password: registration.password });
    },
    [api, logIn],
  );
  const logOut = useCallback(async () => {
    try {
      await api.logOut();
    } catch (error) {
      // A session that is gone already is what was wanted.
      if (!hasStatus(error, 401)) throw error;
    }
    dispatch({ type: 'logged-out' });
  }, [api]);

  const session = useMemo(
    () => ({ state, api, logIn, register, logOut, retry: countAttempt }),
    [state, api, logIn, register, logOut],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The number of logins since the page was loaded: a dependency of whatever must be fetched anew after one. */
export function useLogins(): number {
  const { state } = useSession();
  return state.phase === 'known' ? state.logins : 0;
}
