// Written by `npm run types` from apps/messages/api/openapi.json; not edited by hand.

export interface Problem {
  /** a fixed name */
  error: string;
  /** for people */
  message: string;
}

export interface Health {
  status: "ok";
}

export interface Config {
  /** of the pool */
  region: string;
  /** the pool */
  user_pool_id: string;
  /** of the page */
  client_id: string;
  /** where the pool is, `http://HOST:PORT`; null: AWS */
  endpoint: string | null;
}

export interface Group {
  /** the conversation's */
  uuid: string;
  /** the other person's */
  user_uuid: string;
  /** the other person's */
  display_name: string;
  /** the other person's */
  handle: string;
  /** what was said last */
  message: string;
  /** the same as last_message_at: `2025-12-31T23:59:05.123456+00:00`, UTC, microseconds only if there are any. Sorts as text as the times do. */
  created_at: string;
  /** when that was: `2025-12-31T23:59:05.123456+00:00`, UTC, microseconds only if there are any. Sorts as text as the times do. */
  last_message_at: string;
}

export interface GroupPage {
  message_groups: Group[];
  /** pass it on to read older ones; null: there are none */
  before: string | null;
}

export interface Message {
  /** the message's */
  uuid: string;
  /** the conversation's */
  message_group_uuid: string;
  /** the author's */
  user_uuid: string;
  /** the author's */
  display_name: string;
  /** the author's */
  handle: string;
  /** the text */
  message: string;
  /** when it was written; unique in its conversation: `2025-12-31T23:59:05.123456+00:00`, UTC, microseconds only if there are any. Sorts as text as the times do. */
  created_at: string;
}

export interface MessagePage {
  /** the conversation's */
  message_group_uuid: string;
  other: User;
  messages: Message[];
  /** pass it on to read older ones; null: there are none */
  before: string | null;
}

export interface NewMessage {
  /** 1 to 1,024 characters (Unicode code points), not only blanks */
  message: string;
  /** an existing conversation; either this or `handle` */
  message_group_uuid?: string;
  /** of the person to write to, with or without `@` */
  handle?: string;
  /** the message's, if the caller wants to know it before */
  uuid?: string;
  /** this `uuid` was sent before and may have been written */
  retry?: boolean;
}

export interface User {
  /** the user's */
  uuid: string;
  /** the name to show */
  display_name: string;
  /** unique, without `@` */
  handle: string;
}

export interface Users {
  users: User[];
}
