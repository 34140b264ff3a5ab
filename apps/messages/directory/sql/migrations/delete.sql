DELETE FROM schema_migrations
WHERE version = CAST($1 AS integer)
RETURNING version;
