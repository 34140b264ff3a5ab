UPDATE users
SET cognito_user_id = $2
WHERE lower(handle) = lower($1) AND cognito_user_id <> $2;
