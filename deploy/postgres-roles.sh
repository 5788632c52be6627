#!/usr/bin/env bash
# Three roles, made when the database is: an administrator for people, an owner for migrations and restoring, and one for the app.
# What the app's role may do is in postgres-rights.sql, which the owner runs after every migration.
set -euo pipefail
secrets="${SECRETS:-/run/secrets}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$POSTGRES_DB" --username "$POSTGRES_USER" \
    --set owner_password="$(cat "$secrets/postgres_owner")" --set app_password="$(cat "$secrets/postgres_app")" <<'SQL'
CREATE ROLE luotsi LOGIN PASSWORD :'app_password';
-- A restore makes a database beside the one in use, ends the app's connections and swaps the two.
CREATE ROLE luotsi_owner LOGIN CREATEDB PASSWORD :'owner_password';
GRANT luotsi TO luotsi_owner WITH INHERIT TRUE, SET FALSE;
ALTER DATABASE :"DBNAME" OWNER TO luotsi_owner;
ALTER SCHEMA public OWNER TO luotsi_owner;
SQL
