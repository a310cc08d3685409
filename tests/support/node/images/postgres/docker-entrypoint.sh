#!/bin/bash
# Does what the official image's entrypoint does for a new data directory: makes the cluster, the
# user, the database, runs /docker-entrypoint-initdb.d, and starts what it was told to.
# https://github.com/docker-library/docs/blob/master/postgres/README.md
set -euo pipefail

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
if [ "$1" != postgres ]; then exec "$@"; fi

# value NAME: the variable, or what the file holds that NAME_FILE names.
value() {
    local file=$1_FILE
    if [ -n "${!file:-}" ]; then cat "${!file}"; else printf '%s' "${!1:-}"; fi
}

export PGDATA=${PGDATA:-/var/lib/postgresql/data}
mkdir -p "$PGDATA"
chmod 700 "$PGDATA" 2>/dev/null || true
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=$(value POSTGRES_USER); user=${user:-postgres}
    database=$(value POSTGRES_DB); database=${database:-$user}
    password=$(value POSTGRES_PASSWORD)
    if [ -z "$password" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
        echo "Error: Database is uninitialized and superuser password is not specified." >&2
        exit 1
    fi
    initdb --username="$user" --pwfile=<(printf '%s\n' "$password") --auth-local=trust \
        --auth-host="${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}"
    printf 'host all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
    pg_ctl -w -o "-c listen_addresses=" start
    if [ "$database" != postgres ]; then
        psql -v ON_ERROR_STOP=1 --username "$user" --dbname postgres -c "CREATE DATABASE \"$database\""
    fi
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
            *.sh) . "$file" ;;
            *.sql) psql -v ON_ERROR_STOP=1 --username "$user" --dbname "$database" -f "$file" ;;
        esac
    done
    pg_ctl -w -m fast stop
    echo "PostgreSQL init process complete; ready for start up."
fi
exec "$@" -c listen_addresses='*'
