/** Who is using the app, and how each event changes that. */
import type { User } from 'taskmanager-api/contract';

export type SessionState =
  | { phase: 'loading' }
  /** Could not be found out. */
  | { phase: 'failed'; error: unknown }
  | { phase: 'anonymous' }
  /** `logins` counts, so that what failed for want of a session can be asked again after the next. */
  | { phase: 'known'; user: User; expired: boolean; logins: number };

export type SessionEvent =
  | { type: 'asked' }
  | { type: 'answered'; user: User }
  | { type: 'refused' }
  | { type: 'failed'; error: unknown }
  | { type: 'logged-in'; user: User }
  | { type: 'logged-out' }
  /** The API no longer knows the session. */
  | { type: 'expired' };

export function sessionReducer(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'asked':
      return { phase: 'loading' };
    case 'answered':
      return { phase: 'known', user: event.user, expired: false, logins: 0 };
    case 'logged-in':
      return {
        phase: 'known',
        user: event.user,
        expired: false,
        logins: state.phase === 'known' ? state.logins + 1 : 0,
      };
    case 'failed':
      return { phase: 'failed', error: event.error };
    case 'refused':
    case 'logged-out':
      return { phase: 'anonymous' };
    case 'expired':
      return state.phase === 'known' ? { ...state, expired: true } : state;
  }
}
