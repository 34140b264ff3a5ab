-- One after another: two programs that make a table at once clash in spite of IF NOT EXISTS.
SELECT pg_advisory_xact_lock(hashtext('schema_migrations'));
CREATE TABLE IF NOT EXISTS schema_migrations (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamp NOT NULL DEFAULT (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
);
