DROP INDEX users_cognito_user_id;
DROP INDEX users_lower_handle;
