import type { Credentials, Registration, User } from '../contract/users.ts';
import { ProblemError } from '../problem-error.ts';
import type { LoginLimiter } from './login-limiter.ts';
import type { Passwords } from './passwords.ts';
import type { StoredUser, UserStore } from './user-store.ts';

export interface UserService {
  /** @throws ProblemError `email_taken` */
  register(registration: Registration): Promise<User>;
  /** @throws ProblemError `invalid_credentials`, which does not say whether the account exists, or `too_many_requests` */
  logIn(credentials: Credentials, address: string): Promise<User>;
  /** Undefined where the account of a session is gone. */
  find(id: string): Promise<User | undefined>;
}

export interface UserServiceOptions {
  users: UserStore;
  passwords: Passwords;
  limiter: LoginLimiter;
}

export function createUserService({ users, passwords, limiter }: UserServiceOptions): UserService {
  return {
    async register({ email, displayName, password }) {
      const passwordHash = await passwords.hash(password);
      const user = await users.create({ email, displayName, passwordHash });
      if (!user) {
        throw new ProblemError('email_taken', { errors: [{ field: 'email', reason: 'is taken' }] });
      }
      return present(user);
    },

    async logIn({ email, password }, address) {
      await limiter.admit(email, address);
      const user = await users.findByEmail(email);
      if (!(await passwords.verify(user?.passwordHash, password)) || !user) {
        await limiter.failed(email, address);
        throw new ProblemError('invalid_credentials');
      }
      await limiter.succeeded(email, address);
      return present(user);
    },

    async find(id) {
      const user = await users.findById(id);
      return user && present(user);
    },
  };
}

function present({ id, email, displayName, createdAt }: StoredUser): User {
  return { id, email, displayName, createdAt: createdAt.toISOString() };
}
