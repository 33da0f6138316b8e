-- Up Migration

CREATE TABLE tasks (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  -- Order of creation and cursor of the list: unlike a time, no two tasks share it.
  position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 10000),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed')),
  priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high')),
  due_at timestamptz,
  assignee_email text CHECK (char_length(assignee_email) <= 254),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz CHECK ((completed_at IS NOT NULL) = (status = 'completed')),
  -- Grows with every change; what ETag and If-Match carry.
  version integer NOT NULL DEFAULT 1,
  -- 'simple' knows no language: words are found as they were written, in any tongue.
  search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', description), 'B')
  ) STORED
);

CREATE INDEX tasks_of_owner ON tasks (owner_id, position DESC);
CREATE INDEX tasks_of_owner_by_status ON tasks (owner_id, status, position DESC);
CREATE INDEX tasks_search ON tasks USING gin (search);

GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO taskmanager_app;

-- Down Migration

DROP TABLE tasks;
