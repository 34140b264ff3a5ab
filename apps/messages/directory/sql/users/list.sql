SELECT uuid, display_name, handle, email, cognito_user_id, created_at
FROM users
WHERE lower(handle) > lower($1)
ORDER BY lower(handle)
LIMIT CAST($2 AS integer);
