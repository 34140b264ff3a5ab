SELECT pid, usename AS "user", application_name AS application, client_addr AS address, state, query
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
ORDER BY pid;
