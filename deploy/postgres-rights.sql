-- What the app's role may do: read and write rows, and nothing else. It can neither drop a trigger of the audit trail nor empty a
-- table, and an entry of the trail it can only add. Run by the owner after every migration and after every restore; doing it
-- again changes nothing:  psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file deploy/postgres-rights.sql
BEGIN;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO luotsi;
GRANT USAGE ON SCHEMA public TO luotsi;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO luotsi;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO luotsi;
REVOKE UPDATE, DELETE ON audit_entry FROM luotsi;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM luotsi;
COMMIT;
