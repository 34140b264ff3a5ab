#include "table/check.h"

#include "table/expiry_index.h"
#include "table/key_layout.h"

namespace stator::table {
namespace {

using catalog::IndexSchema;
using item::ItemView;

class Checker {
 public:
  Checker(const engine::View& view, const catalog::TableSchema& table, CheckReport* report)
      : view_(view), table_(table), report_(report) {
    for (const IndexSchema& index : table.indexes) {
      if (index.state == catalog::State::kActive) expected_.push_back({&index, 0});
    }
  }

  Status Run() {
    const auto cursor = view_.Range(table_.space, {}, {}, engine::Order::kForward);
    for (; cursor->Valid(); cursor->Next()) STATOR_OK(CheckItem(cursor->key(), cursor->value()));
    STATOR_OK(cursor->status());
    for (const auto& [index, entries] : expected_) STATOR_OK(CheckCount(*index, entries));
    return table_.ttl.enabled ? CheckExpiry() : Status();
  }

 private:
  void Fault(Bytes where, Bytes what) {
    ++report_->faults;
    if (report_->messages.size() >= CheckReport::kMaxMessages) return;
    report_->messages.push_back(table_.name + std::string(where) + ": " + std::string(what));
  }

  Status CheckItem(Bytes key, Bytes stored) {
    ++report_->items;
    if (!item::ValidItem(stored)) {
      Fault("", "an item is malformed");
      return {};
    }
    const ItemView item(stored);
    const auto own_key = TableKey(table_, item, KeySource::kItem);
    if (!own_key.ok()) {
      Fault("", own_key.error().text);
      return {};
    }
    if (*own_key != key) Fault("", "an item lies under another key than its own");
    for (auto& [index, entries] : expected_) STATOR_OK(CheckEntry(*index, item, &entries));
    if (table_.ttl.enabled && ExpiryOf(table_.ttl, item)) ++expiring_;
    return {};
  }

  // Each row is that of its item, so equal numbers of them mean that no item is without.
  Status CheckExpiry() {
    uint64_t rows = 0;
    const auto cursor = view_.Range(table_.ttl.space, {}, {}, engine::Order::kForward);
    for (; cursor->Valid(); cursor->Next(), ++rows) {
      Expiry expiry = 0;
      Bytes key;
      engine::Value value;
      const bool sound = SplitExpiryKey(cursor->key(), &expiry, &key) && cursor->value().empty();
      STATOR_TRY(const bool found, view_.Get(table_.space, key, &value));
      if (!sound || !found || ExpiryOf(table_.ttl, ItemView(value.bytes)) != expiry) {
        Fault("/expiry", "a row is of no item that expires then");
      }
    }
    STATOR_OK(cursor->status());
    report_->expiries += rows;
    if (table_.ttl.backfilling ? rows > expiring_ : rows != expiring_) {
      Fault("/expiry", std::to_string(rows) + " rows, but " + std::to_string(expiring_) + " items expire");
    }
    return {};
  }

  // An item whose index keys cannot be used was there before the index: it has no entry.
  Status CheckEntry(const IndexSchema& index, ItemView item, uint64_t* entries) {
    const auto key = IndexKey(table_, index, item);
    if (!key.ok() || !key->present) return {};
    ++*entries;
    engine::Value value;
    STATOR_TRY(const bool found, view_.Get(index.space, key->key, &value));
    if (!found) {
      Fault("/" + index.name, "an item has no entry");
    } else if (value.bytes != IndexEntry(index, item)) {
      Fault("/" + index.name, "an entry differs from its item");
    }
    return {};
  }

  Status CheckCount(const IndexSchema& index, uint64_t expected) {
    uint64_t rows = 0;
    const auto cursor = view_.Range(index.space, {}, {}, engine::Order::kForward);
    for (; cursor->Valid(); cursor->Next()) ++rows;
    STATOR_OK(cursor->status());
    report_->index_rows += rows;
    if (rows != expected) {
      Fault("/" + index.name, std::to_string(rows) + " entries, but the items ask for " + std::to_string(expected));
    }
    return {};
  }

  const engine::View& view_;
  const catalog::TableSchema& table_;
  CheckReport* report_;
  std::vector<std::pair<const IndexSchema*, uint64_t>> expected_;
  uint64_t expiring_ = 0;
};

}  // namespace

Status CheckTable(const engine::View& view, const catalog::TableSchema& table, CheckReport* report) {
  return Checker(view, table, report).Run();
}

}  // namespace stator::table
