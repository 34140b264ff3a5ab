// What the tests of this folder share: changes of items put together by hand.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "item/item_testing.h"
#include "streams/change.h"
#include "streams/stream.h"

namespace stator::triggers {

using item::testing::Stored;

// The stream of a table with the keys pk (S) and sk (S).
inline streams::Stream TestStream(streams::ViewType view = streams::ViewType::kNewAndOldImages) {
  streams::Stream stream;
  stream.label = "2026-11-20T10:00:00.123";
  stream.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/" + stream.label;
  stream.table = "t";
  stream.key = {{{"pk", item::Tag::kString}}, {{"sk", item::Tag::kString}}};
  stream.view = view;
  return stream;
}

// A change and what it borrows from. Not copied: the change points into it.
struct OwnedChange {
  OwnedChange(engine::Position position, const std::string& before_wire, const std::string& after_wire,
              Time time = Time{1'700'000'000'500'000}) {
    if (!before_wire.empty()) before = Stored(before_wire);
    if (!after_wire.empty()) after = Stored(after_wire);
    change.position = position;
    change.time = time;
    if (!before.empty()) change.before = item::ItemView(before);
    if (!after.empty()) change.after = item::ItemView(after);
    change.event = before.empty()  ? streams::Event::kInsert
                   : after.empty() ? streams::Event::kRemove
                                   : streams::Event::kModify;
  }
  OwnedChange(const OwnedChange&) = delete;
  OwnedChange& operator=(const OwnedChange&) = delete;

  std::string before, after;
  streams::Change change;
};

// The key of item `n`, and a little more.
inline std::string WireItem(const std::string& pk, int n) {
  return R"({"pk":{"S":")" + pk + R"("},"sk":{"S":"a"},"n":{"N":")" + std::to_string(n) + R"("}})";
}

}  // namespace stator::triggers
