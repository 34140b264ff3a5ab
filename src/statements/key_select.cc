// Which values of a WHERE are parameters is found out by parsing the text twice with values of our own: what changes is
// a parameter. A comparison by = takes values of every type, so nothing else depends on them. Tests:
// key_select_test.cc.
#include "statements/key_select.h"

#include <algorithm>

#include "item/key.h"
#include "partiql/parse.h"

namespace stator::statements {
namespace {

std::vector<std::string> Marks(char first, size_t count) {
  std::vector<std::string> marks(count);
  for (size_t i = 0; i < count; ++i) item::AppendString(&marks[i], first + std::to_string(i));
  return marks;
}

std::optional<partiql::Select> ParseSelect(Bytes text, const std::vector<std::string>& marks) {
  auto statement = partiql::Parse(text, marks);
  if (!statement.ok()) return std::nullopt;
  auto* select = std::get_if<partiql::Select>(&*statement);
  if (!select || !select->from.index.empty() || !select->order_by.empty()) return std::nullopt;
  return std::move(*select);
}

}  // namespace

std::optional<KeySelect> ReadKeySelect(Bytes text, size_t parameters) {
  const std::vector<std::string> marks = Marks('a', parameters);
  const std::vector<std::string> other_marks = Marks('b', parameters);
  const auto one = ParseSelect(text, marks);
  const auto other = ParseSelect(text, other_marks);
  if (!one || !other) return std::nullopt;
  KeySelect select;
  select.parameters = parameters;
  for (size_t i = 0; i < one->where.conjuncts().size(); ++i) {
    const partiql::Conjunct& conjunct = one->where.conjuncts()[i];
    if (!conjunct.equality()) return std::nullopt;
    KeySelect::Part part;
    part.attribute = conjunct.attribute;
    part.value = conjunct.values[0];
    if (part.value != other->where.conjuncts()[i].values[0]) {
      const auto mark = std::find(marks.begin(), marks.end(), part.value);
      if (mark == marks.end()) return std::nullopt;
      part.parameter = static_cast<size_t>(mark - marks.begin());
    }
    select.parts.push_back(std::move(part));
  }
  select.table = one->from.table;
  select.columns = one->columns;
  if (select.columns) select.nested = select.columns->NestedNames();
  return select;
}

std::optional<SelectPlan> PlanKeySelect(const KeySelect& select, std::span<const std::string> parameters,
                                        catalog::TableRef table) {
  std::vector<item::Attribute> key;
  const catalog::KeySchema& schema = table->key;
  if (select.parts.size() != schema.hash.size() + schema.range.size()) return std::nullopt;
  key.reserve(select.parts.size());
  for (const auto* attributes : {&schema.hash, &schema.range}) {
    for (const catalog::KeyAttribute& attribute : *attributes) {
      const auto part = std::find_if(select.parts.begin(), select.parts.end(), [&](const KeySelect::Part& candidate) {
        return candidate.attribute == attribute.name;
      });
      if (part == select.parts.end()) return std::nullopt;
      key.push_back({attribute.name, item::ValueView(part->parameter ? parameters[*part->parameter] : part->value)});
    }
  }
  SelectPlan plan;
  plan.kind = SelectPlan::Kind::kGet;
  plan.key = item::MakeItem(std::move(key));
  plan.columns = select.columns;
  plan.nested = select.nested;
  plan.table = std::move(table);
  return plan;
}

KeySelects& KeySelects::OfThread() {
  thread_local KeySelects of_thread;
  return of_thread;
}

const KeySelect* KeySelects::Find(Bytes text, size_t parameters) const {
  if (text.size() > kMaxBytes) return nullptr;
  const uint64_t hash = item::HashOfKey(text);
  const Slot& slot = slots_[hash % kSlots];
  const bool known = slot.hash == hash && slot.select && slot.text == text && slot.select->parameters == parameters;
  return known ? slot.select.get() : nullptr;
}

void KeySelects::Saw(Bytes text, size_t parameters) {
  if (text.size() > kMaxBytes) return;
  const uint64_t hash = item::HashOfKey(text);
  Slot& slot = slots_[hash % kSlots];
  if (slot.hash != hash) {
    slot = {hash, {}, nullptr};
    return;
  }
  auto select = ReadKeySelect(text, parameters);
  if (!select) return;
  slot.text = text;
  slot.select = std::make_unique<const KeySelect>(std::move(*select));
}

}  // namespace stator::statements
