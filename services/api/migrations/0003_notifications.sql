-- Up Migration

-- Written by the worker, read by the API. The unique occurrence makes handling a job twice have one effect.
CREATE TABLE notifications (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  occurrence_id uuid NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  task_id uuid REFERENCES tasks (id) ON DELETE SET NULL,
  kind text NOT NULL CHECK (kind IN ('reminder', 'task_assigned', 'task_completed')),
  -- As it was at delivery: whom a task is assigned to may read this, not the task.
  task_title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX notifications_of_user ON notifications (user_id, created_at DESC, id DESC);
-- For ON DELETE SET NULL.
CREATE INDEX notifications_of_task ON notifications (task_id);

GRANT SELECT, INSERT ON notifications TO taskmanager_app;

-- Down Migration

DROP TABLE notifications;
