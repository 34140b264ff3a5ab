CREATE TABLE activities (
  uuid uuid NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(),
  user_uuid uuid NOT NULL,
  message text NOT NULL,
  replies_count integer DEFAULT 0,
  reposts_count integer DEFAULT 0,
  likes_count integer DEFAULT 0,
  reply_to_activity_uuid uuid,
  expires_at timestamp,
  created_at timestamp NOT NULL DEFAULT (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
);
