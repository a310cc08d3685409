-- Runs once, when the data directory is empty.
CREATE ROLE reporting NOLOGIN;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reporting;
