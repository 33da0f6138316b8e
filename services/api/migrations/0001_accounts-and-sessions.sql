-- Up Migration

-- One mailbox is one account: addresses arrive in lower case and stay so.
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND char_length(email) <= 254),
  display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 100),
  -- PHC string, argon2id.
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The table of connect-pg-simple, with a time zone on its moment.
CREATE TABLE session (
  sid text PRIMARY KEY,
  sess json NOT NULL,
  expire timestamptz NOT NULL
);

CREATE INDEX session_expire ON session (expire);

-- The application reads and writes rows; it never changes the schema.
GRANT SELECT, INSERT, UPDATE ON users TO taskmanager_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO taskmanager_app;

-- Down Migration

DROP TABLE session;
DROP TABLE users;
