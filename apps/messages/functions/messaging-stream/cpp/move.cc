#include "move.h"

#include <algorithm>
#include <map>

#include "client/iso_time.h"
#include "errors/common.h"
#include "rows.h"

namespace stator::messaging_stream {
namespace {

constexpr int kMostTries = 1000;  // of one move

bool Older(const GroupRow& a, const GroupRow& b) { return a.sk < b.sk; }

// Whether another conversation has the key.
Result<bool> IsOthers(GroupRows& rows, const GroupRow& wanted) {
  STATOR_TRY(const auto taken, rows.At(wanted.pk, wanted.sk));
  return !taken.empty() && taken[0].group_uuid != wanted.group_uuid;
}

// Moves one member's row; false if it was there. `since`: a time at or before the row's.
Result<bool> MoveFor(GroupRows& rows, const std::string& pk, const NewMessage& message, const std::string& since) {
  std::string sk = message.created_at;
  for (int tries = 0; tries < kMostTries; ++tries) {
    STATOR_TRY(auto present, rows.Present(pk, message.group_uuid, since));
    if (present.empty()) return false;  // the member has left
    std::sort(present.begin(), present.end(), Older);
    // Older ones have moved while they were read; or were left by a version of this without transactions.
    for (size_t i = 0; i + 1 < present.size(); ++i) STATOR_OK(rows.Delete(present[i]));
    const GroupRow& newest = present.back();
    if (newest.sk >= message.created_at) return false;
    GroupRow to = newest;
    to.sk = sk;
    to.message = message.text;
    STATOR_TRY(const Moved moved, rows.Move(newest, to));
    if (moved == Moved::kDone) return true;
    if (moved == Moved::kChanged) continue;
    // Another conversation was spoken in at the same time: its row has the key.
    STATOR_TRY(const bool others, IsOthers(rows, to));
    if (others) {
      STATOR_TRY(sk, NextMicrosecond(sk));
    }
  }
  return Fail(errors::kValidation, "the row of " + pk + " was moved by others, or found no free key, too often");
}

}  // namespace

Result<std::string> NextMicrosecond(Bytes stamp) {
  const auto time = client::ParseIso(stamp);
  if (!time) return Fail(errors::kValidation, "not a time: " + std::string(stamp));
  return messages::StampOf(Time{time->micros + 1});
}

Result<int> MoveConversation(GroupRows& rows, const NewMessage& message) {
  STATOR_TRY(const auto listed, rows.Listed(message.group_uuid));
  std::map<std::string, std::vector<GroupRow>> of_member;
  for (const GroupRow& row : listed) {
    if (row.pk.starts_with("GRP#")) of_member[row.pk].push_back(row);
  }
  int moved = 0;
  for (const auto& [pk, member_rows] : of_member) {
    const GroupRow& oldest = *std::min_element(member_rows.begin(), member_rows.end(), Older);
    STATOR_TRY(const bool one, MoveFor(rows, pk, message, oldest.sk));
    moved += one ? 1 : 0;
  }
  return moved;
}

}  // namespace stator::messaging_stream
