// The two kinds of rows of the one table (docs/messages.md), and the table itself.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::messages {

constexpr Bytes kDefaultTable = "cruddur-messages";
constexpr Bytes kGroupIndex = "message-group-sk-index";

struct Person {
  std::string uuid;
  std::string handle;
  std::string display_name;
};

struct Message {
  std::string uuid;
  std::string group_uuid;
  Person author;
  std::string created_at;  // StampOf
  std::string text;
};

// "2025-12-31T23:59:05+00:00", with microseconds if there are any. Always UTC: the text sorts as the time does only
// while the offset never changes.
std::string StampOf(Time);

std::string MessageKey(Bytes group_uuid);  // "MSG#..."
std::string GroupKey(Bytes user_uuid);     // "GRP#..."

// The JSON of DynamoDB items.
std::string MessageItem(const Message&);
// A conversation as `owner` sees it: with whom, and what was said last.
std::string GroupItem(const Person& owner, const Person& other, const Message& last);

// The row by which two people find their conversation, whoever of them asks.
std::string PairKey(Bytes user_uuid, Bytes other_uuid);  // "PAIR#...#...", the smaller uuid first
constexpr Bytes kPairSort = "PAIR";
std::string PairItem(Bytes user_uuid, Bytes other_uuid, Bytes group_uuid);

// The JSON input of CreateTable.
std::string TableRequest(Bytes table);

}  // namespace stator::messages
