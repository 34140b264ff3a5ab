-- @Nora and @nora are one person to whom reads them; and a pool's user is one row, however often that is told.
CREATE UNIQUE INDEX users_lower_handle ON users (lower(handle));
CREATE UNIQUE INDEX users_cognito_user_id ON users (cognito_user_id) WHERE cognito_user_id <> 'MOCK';
