-- No row comes back when another program has done it meanwhile.
INSERT INTO schema_migrations (version, name)
VALUES (CAST($1 AS integer), $2)
ON CONFLICT DO NOTHING
RETURNING version;
