-- $1: a JSON array of uuids.
SELECT uuid, display_name, handle, email, cognito_user_id, created_at
FROM users
WHERE uuid IN (SELECT value FROM json_each($1));
