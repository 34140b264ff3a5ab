-- $1: what a handle or name begins with, $2: what a later word of a name begins with; both patterns of LIKE.
SELECT uuid, display_name, handle, email, cognito_user_id, created_at
FROM users
WHERE lower(handle) LIKE lower($1) ESCAPE '!'
   OR lower(display_name) LIKE lower($1) ESCAPE '!'
   OR lower(display_name) LIKE lower($2) ESCAPE '!'
ORDER BY lower(handle)
LIMIT CAST($3 AS integer);
