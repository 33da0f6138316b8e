-- Roles and databases of the lab, run by the superuser at every start; running it again changes nothing but
-- passwords. Passwords arrive as settings of the session (PGOPTIONS="-c lab.owner_password=…"), so that none
-- stands in a file:
--   lab.owner_password     taskmanager            owns the schema, runs migrations
--   lab.app_password       taskmanager_app        api and worker: reads and writes rows, changes no schema
--   lab.exporter_password  postgres_exporter      reads statistics only (pg_monitor)
DO $roles$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('taskmanager', current_setting('lab.owner_password')),
      ('taskmanager_app', current_setting('lab.app_password')),
      ('postgres_exporter', current_setting('lab.exporter_password'))
    ) AS roles (name, password)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', wanted.name);
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', wanted.name, wanted.password);
  END LOOP;
END
$roles$;

GRANT pg_monitor TO postgres_exporter;
-- Asking for a table's size waits for whoever locks it, and with it would wait every other answer of the same scrape: the lock
-- would silence the very metrics that tell of it. The shortest scrape timeout is 0.8 s (time scale 10).
ALTER ROLE postgres_exporter SET lock_timeout = '300ms';
