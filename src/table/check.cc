#include "table/check.h"

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
    return {};
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
};

}  // namespace

Status CheckTable(const engine::View& view, const catalog::TableSchema& table, CheckReport* report) {
  return Checker(view, table, report).Run();
}

}  // namespace stator::table
