import type { Queryable } from '../database/database.ts';

export interface StoredUser {
  id: string;
  email: string;
  displayName: string;
  passwordHash: string;
  createdAt: Date;
}

export interface NewUser {
  email: string;
  displayName: string;
  passwordHash: string;
}

export interface UserStore {
  /** Undefined where the e-mail is taken. */
  create(user: NewUser): Promise<StoredUser | undefined>;
  findById(id: string): Promise<StoredUser | undefined>;
  findByEmail(email: string): Promise<StoredUser | undefined>;
}

const COLUMNS = `id, email, display_name AS "displayName", password_hash AS "passwordHash", created_at AS "createdAt"`;

const INSERT = {
  // A conflict is an answer, not an error: an error would cost the pool its connection.
  text: `INSERT INTO users (email, display_name, password_hash) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
};
const BY_ID = { name: 'user-by-id', text: `SELECT ${COLUMNS} FROM users WHERE id = $1` };
const BY_EMAIL = { name: 'user-by-email', text: `SELECT ${COLUMNS} FROM users WHERE email = $1` };

export function createUserStore(database: Queryable): UserStore {
  return {
    async create({ email, displayName, passwordHash }) {
      const [user] = await database.query<StoredUser>(INSERT, [email, displayName, passwordHash]);
      return user;
    },
    async findById(id) {
      const [user] = await database.query<StoredUser>(BY_ID, [id]);
      return user;
    },
    async findByEmail(email) {
      const [user] = await database.query<StoredUser>(BY_EMAIL, [email]);
      return user;
    },
  };
}
