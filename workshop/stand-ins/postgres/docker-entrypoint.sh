#!/usr/bin/env bash
# As the official image does: a new cluster is made once and set up by /docker-entrypoint-initdb.d over the socket alone;
# then the command.
set -euo pipefail
export PGDATA=/var/lib/postgresql/18/docker
sockets='-c unix_socket_directories=/var/run/postgresql'
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  initdb --username postgres --auth-local=trust --auth-host=scram-sha-256 \
    --pwfile=<(printf '%s' "$POSTGRES_PASSWORD") --pgdata "$PGDATA"
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl --pgdata "$PGDATA" --wait start --options "${*:2} -c listen_addresses='' $sockets"
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  pg_ctl --pgdata "$PGDATA" --mode fast --wait stop
fi
# shellcheck disable=SC2086
exec "$@" $sockets
