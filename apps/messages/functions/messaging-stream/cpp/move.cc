#include "move.h"

#include <algorithm>
#include <map>

#include "client/iso_time.h"
#include "errors/common.h"
#include "rows.h"

namespace stator::messaging_stream {
namespace {

constexpr int kMostTries = 1000;  // to find a free key

bool Older(const GroupRow& a, const GroupRow& b) { return a.sk < b.sk; }

// True if this call has put it; false if it was there.
Result<bool> PutOnTop(GroupRows& rows, GroupRow row) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    STATOR_TRY(const bool put, rows.PutNew(row));
    if (put) return true;
    STATOR_TRY(const auto taken, rows.At(row.pk, row.sk));
    if (taken.empty()) continue;  // gone in this moment
    if (taken[0].group_uuid == row.group_uuid && taken[0].message == row.message) return false;
    // Another conversation was spoken in at the same time: its row has the key.
    STATOR_TRY(row.sk, NextMicrosecond(row.sk));
  }
  return Fail(errors::kValidation, "no free key near " + row.pk + " " + row.sk);
}

Status RemoveAllButNewest(GroupRows& rows, const std::string& pk, const std::string& group, const std::string& since) {
  STATOR_TRY(auto present, rows.Present(pk, group, since));
  std::sort(present.begin(), present.end(), Older);
  for (size_t i = 0; i + 1 < present.size(); ++i) STATOR_OK(rows.Delete(present[i]));
  return {};
}

// `listed`: one member's rows, not empty. Whether the row has moved.
Result<bool> MoveFor(GroupRows& rows, const std::vector<GroupRow>& listed, const NewMessage& message) {
  const auto [oldest, newest] = std::minmax_element(listed.begin(), listed.end(), Older);
  bool moved = false;
  if (newest->sk < message.created_at) {
    GroupRow row = *newest;
    row.sk = message.created_at;
    row.message = message.text;
    STATOR_TRY(moved, PutOnTop(rows, std::move(row)));
  }
  // The place for a transaction: this Put and the Delete of `newest` as one TransactWriteItems.
  STATOR_OK(RemoveAllButNewest(rows, newest->pk, message.group_uuid, std::min(oldest->sk, message.created_at)));
  return moved;
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
    STATOR_TRY(const bool one, MoveFor(rows, member_rows, message));
    moved += one ? 1 : 0;
  }
  return moved;
}

}  // namespace stator::messaging_stream
