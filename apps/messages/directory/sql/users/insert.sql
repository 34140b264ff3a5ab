-- No row comes back when the uuid, the handle or the sub is there already.
INSERT INTO users (uuid, display_name, handle, email, cognito_user_id)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
RETURNING uuid, display_name, handle, email, cognito_user_id, created_at;
