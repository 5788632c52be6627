#!/usr/bin/env bash
# Three roles, made when the database is: an administrator for people, an owner for migrations, and one for the app, which may
# read and write rows and nothing else: it can neither drop a trigger of the audit trail nor empty a table.
set -euo pipefail
secrets="${SECRETS:-/run/secrets}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$POSTGRES_DB" --username "$POSTGRES_USER" \
    --set owner_password="$(cat "$secrets/postgres_owner")" --set app_password="$(cat "$secrets/postgres_app")" <<'SQL'
CREATE ROLE luotsi_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE luotsi LOGIN PASSWORD :'app_password';
ALTER DATABASE luotsi OWNER TO luotsi_owner;
REVOKE ALL ON DATABASE luotsi FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE luotsi TO luotsi;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO luotsi_owner;
GRANT USAGE ON SCHEMA public TO luotsi;
ALTER DEFAULT PRIVILEGES FOR ROLE luotsi_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO luotsi;
ALTER DEFAULT PRIVILEGES FOR ROLE luotsi_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO luotsi;
SQL
