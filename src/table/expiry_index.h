// The expiry index of a table: its items in the order of the times at which they go. It has a space of its own and one
// row for each item that has such a time; the row is written with the item, in its commit. What expires is found by
// looking at the front of it, so that nothing else costs. docs/formats/keys.md shows the bytes.
//
// Source: notes/dynamodb.md, section 4, "TTL".
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "item/value.h"

namespace stator::table {

// Items whose time passed that long ago stay.
inline constexpr Duration kExpiryForgotten = std::chrono::hours(24) * 365 * 5;

// In seconds since 1970-01-01T00:00:00Z, greater than 0.
using Expiry = uint64_t;

// When the item goes: the value of the table's attribute. Nothing for an item that stays: it has no such attribute, or
// one of another type, or its number is no whole one, not positive, or does not fit.
std::optional<Expiry> ExpiryOf(const catalog::TimeToLive& ttl, item::ItemView item);
bool IsDue(Expiry expiry, Time now);

std::string ExpiryKey(Expiry expiry, Bytes table_key);
// False if it is none.
bool SplitExpiryKey(Bytes key, Expiry* expiry, Bytes* table_key);

// Where the rows of the items lie that are due.
struct DueKeys {
  std::string from, to;  // from <= key < to
};
DueKeys DueAt(Time now);

// Adds to the batch what a change of the item under `table_key` does to the expiry index of its table. Gives the time
// of the row that it puts, if it puts one. An index that is being filled may not have the row that is erased, which
// does no harm.
std::optional<Expiry> AppendExpiryDifference(const catalog::TableSchema& table, Bytes table_key, item::ItemView before,
                                             item::ItemView after, engine::Batch* batch);

}  // namespace stator::table
