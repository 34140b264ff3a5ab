// Tests: roll_over_test.cc; tests/crash/crash.py holds whole stores against it.
#include "table/check_stream.h"

#include <unordered_map>

#include "item/key.h"
#include "table/key_layout.h"

namespace stator::table {
namespace {

using streams::Change;
using streams::Shard;

constexpr size_t kPiece = 1000;  // records read at a time
constexpr size_t kPieceBytes = size_t{4} << 20;

uint64_t HashOf(item::ItemView item) { return item.valid() ? item::HashOfKey(item.stored()) : 0; }

class Checker {
 public:
  Checker(const engine::Engine& engine, const streams::Stream& stream, const catalog::TableSchema* table,
          CheckReport* report)
      : engine_(engine), stream_(stream), table_(table), report_(report) {}

  Status Run() {
    STATOR_OK(ForEach([this](const Shard& shard, const Change& change) { return CheckChange(shard, change); },
                      [this] { Fault("a change is malformed"); }));
    if (!table_) return {};
    return ForEach([this](const Shard&, const Change& change) { return CheckRow(change); }, [] {});
  }

 private:
  struct Last {
    engine::Position position = 0;
    uint64_t image = 0;
  };

  void Fault(Bytes what) {
    ++report_->faults;
    if (report_->messages.size() >= CheckReport::kMaxMessages) return;
    report_->messages.push_back(stream_.table + "/stream/" + stream_.label + ": " + std::string(what));
  }

  template <class Fn, class Malformed>
  Status ForEach(Fn each, Malformed malformed) {
    for (const Shard& shard : stream_.shards) {
      Status status;
      bool more = true;
      for (engine::Position next = shard.first; status.ok() && more;) {
        more = false;
        STATOR_OK(engine_.ReadLog(shard.log, next, kPiece, kPieceBytes, [&](const engine::LogRecord& record) {
          more = true;
          next = record.position + 1;
          Change change;
          if (streams::ValidChange(record.record) && DecodeChange(record, &change)) {
            status = each(shard, change);
          } else {
            malformed();
          }
          return status.ok();
        }));
      }
      STATOR_OK(std::move(status));
    }
    return {};
  }

  Status CheckChange(const Shard& shard, const Change& change) {
    ++report_->changes;
    const uint64_t partition = PartitionOf(change);
    if (partition < shard.first_hash || partition > shard.last_hash) Fault("a change stands in the wrong shard");
    if (shard.closed() && change.position > shard.last) Fault("a change stands behind the end of its shard");
    const auto [at, first] = last_.try_emplace(streams::ItemHash(stream_.key, change));
    if (!first && at->second.image != HashOf(change.before)) {
      Fault("a change found another item than the change before it left");
    }
    at->second = {change.position, HashOf(change.after)};
    return {};
  }

  Status CheckRow(const Change& change) {
    const auto found = last_.find(streams::ItemHash(stream_.key, change));
    if (found == last_.end() || found->second.position != change.position) return {};
    const auto key = TableKey(*table_, change.image(), KeySource::kItem);
    if (!key.ok()) {
      Fault(key.error().text);
      return {};
    }
    engine::Value row;
    STATOR_TRY(const bool exists, engine_.Get(table_->space, *key, &row));
    if ((exists ? row.bytes : Bytes()) != change.after.stored()) Fault("an item is not what its last change left");
    return {};
  }

  // The hash that leads the table's key.
  uint64_t PartitionOf(const Change& change) const {
    std::string encoded;
    for (const catalog::KeyAttribute& attribute : stream_.key.hash) {
      item::AppendKeyPart(&encoded, change.image().Find(attribute.name));
    }
    return item::HashOfKey(encoded);
  }

  const engine::Engine& engine_;
  const streams::Stream& stream_;
  const catalog::TableSchema* table_;
  CheckReport* report_;
  std::unordered_map<uint64_t, Last> last_;  // by the hash of the item's key
};

}  // namespace

Status CheckStream(const engine::Engine& engine, const streams::Stream& stream, const catalog::TableSchema* table,
                   CheckReport* report) {
  return Checker(engine, stream, table, report).Run();
}

}  // namespace stator::table
