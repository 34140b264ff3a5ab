// The list of conversations, newest first, each once. Pure functions.
import type { Group, Message, User } from '../api/types';

function newestFirst(a: Group, b: Group): number {
  if (a.last_message_at !== b.last_message_at) return a.last_message_at > b.last_message_at ? -1 : 1;
  return a.uuid < b.uuid ? -1 : 1;
}

/** Both lists as one; of a conversation in both, the one spoken in later stays. */
export function mergeGroups(known: readonly Group[], more: readonly Group[]): readonly Group[] {
  const byId = new Map(known.map((group) => [group.uuid, group]));
  for (const group of more) {
    const old = byId.get(group.uuid);
    if (!old || old.last_message_at <= group.last_message_at) byId.set(group.uuid, group);
  }
  return [...byId.values()].sort(newestFirst);
}

/** The list after a message was written in the conversation with `other`. */
export function withMessage(known: readonly Group[], message: Message, other: User): readonly Group[] {
  return mergeGroups(known, [
    {
      uuid: message.message_group_uuid,
      user_uuid: other.uuid,
      display_name: other.display_name,
      handle: other.handle,
      message: message.message,
      created_at: message.created_at,
      last_message_at: message.created_at,
    },
  ]);
}
