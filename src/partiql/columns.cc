// Tests: columns_test.cc.
#include "partiql/columns.h"

#include <algorithm>

#include "item/wire.h"

namespace stator::partiql {
namespace {

using expression::internal::Path;

std::vector<std::string> Distinct(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// What the item has of the columns, the last of each name. REQUIRES: those of one name stand together.
std::vector<item::Attribute> Kept(const std::vector<Columns::Column>& columns, item::ItemView item) {
  std::vector<item::Attribute> kept;
  kept.reserve(columns.size());
  for (const Columns::Column& column : columns) {
    const item::ValueView value = expression::internal::Resolve(column.path, item);
    if (!value.valid()) continue;
    if (kept.empty() || kept.back().name != column.name) {
      kept.push_back({column.name, value});
    } else {
      kept.back().value = value;
    }
  }
  return kept;
}

std::vector<Columns::Column> ByName(std::vector<Columns::Column> columns) {
  std::stable_sort(columns.begin(), columns.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return columns;
}

}  // namespace

Columns::Columns(std::vector<Column> columns)
    : columns_(std::make_shared<const std::vector<Column>>(ByName(std::move(columns)))) {}

void Columns::Write(item::ItemView item, json::Writer& out) const {
  out.BeginObject();
  for (const item::Attribute& attribute : Kept(*columns_, item)) {
    out.Key(attribute.name);
    item::WriteValue(attribute.value, out);
  }
  out.EndObject();
}

std::string Columns::Apply(item::ItemView item) const { return item::MakeItem(Kept(*columns_, item)); }

std::vector<std::string> Columns::TopLevelNames() const {
  std::vector<std::string> names;
  names.reserve(columns_->size());
  for (const Column& column : *columns_) names.push_back(column.path[0].name);
  return Distinct(std::move(names));
}

std::vector<std::string> Columns::NestedNames() const {
  std::vector<std::string> names;
  for (const Column& column : *columns_) {
    if (column.path.size() > 1) names.push_back(column.path[0].name);
  }
  return Distinct(std::move(names));
}

namespace internal {

Columns::Column MakeColumn(Path path) {
  size_t last = path.size() - 1;
  while (path[last].is_index) --last;  // the first step is a name
  std::string name = path[last].name;
  for (size_t i = last + 1; i < path.size(); ++i) name.append("[").append(std::to_string(path[i].index)).append("]");
  return {std::move(path), std::move(name)};
}

}  // namespace internal
}  // namespace stator::partiql
