#!/usr/bin/env bash
# The same roles.sql that lite mode applies, then the database. The image runs it once, for a new cluster; run it again
# after the passwords in .env changed: docker compose exec postgres bash /docker-entrypoint-initdb.d/init.sh
set -euo pipefail
export PGOPTIONS="-c lab.owner_password=${TASKMANAGER_DB_PASSWORD} -c lab.app_password=${TASKMANAGER_APP_DB_PASSWORD} -c lab.exporter_password=${POSTGRES_EXPORTER_PASSWORD}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --file /etc/lab/roles.sql
if [ -z "$(psql --no-psqlrc -tA --username postgres --command "SELECT 1 FROM pg_database WHERE datname = 'taskmanager'")" ]; then
  createdb --username postgres --owner taskmanager taskmanager
fi
