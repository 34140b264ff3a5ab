INSERT INTO activities (uuid, user_uuid, message, expires_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;
