// Any text is a statement or a ValidationException; a condition's parts taken one by one mean what it means whole, and
// what is made of items can be stored.
#include <algorithm>

#include "expression_world.h"
#include "partiql/parse.h"

namespace stator {
namespace {

std::vector<std::string> Parameters(size_t count) {
  static const char* const kWires[] = {R"({"S": "a"})", R"({"B": "YQ=="})", R"({"N": "1"})", R"({"SS": ["a"]})"};
  std::vector<std::string> values;
  for (size_t i = 0; i < count; ++i) {
    json::Document document;
    values.push_back(*item::ReadValue(*document.Parse(kWires[i % std::size(kWires)])));
  }
  return values;
}

std::vector<size_t> AllBut(size_t one, size_t count) {
  std::vector<size_t> others;
  for (size_t i = 0; i < count; ++i) {
    if (i != one) others.push_back(i);
  }
  return others;
}

void Try(const partiql::Where& where) {
  const auto whole = where.Whole();
  STATOR_CHECK(whole.has_value() != where.empty());
  if (!whole) return;
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  for (const item::ItemView item : {world.item(), world.key(), item::ItemView()}) {
    bool all = true;
    for (size_t i = 0; i < where.conjuncts().size(); ++i) {
      all = where.Without(AllBut(i, where.conjuncts().size()))->Evaluate(item) && all;
    }
    STATOR_CHECK(whole->Evaluate(item) == all);
  }
  for (const partiql::Conjunct& conjunct : where.conjuncts()) {
    STATOR_CHECK(!conjunct.equality() || conjunct.AsKey().attribute == conjunct.attribute);
  }
}

void Try(const partiql::Select& select) {
  Try(select.where);
  if (!select.columns) return;
  STATOR_CHECK(item::ValidItem(select.columns->Apply(fuzz::ExpressionWorld::Get().item())));
  select.columns->NestedNames();
}

void Try(const partiql::Exists& exists) { Try(exists.select); }
void Try(const partiql::Delete& erase) { Try(erase.where); }
void Try(const partiql::Insert& insert) { STATOR_CHECK(item::ValidItem(insert.item)); }

void Try(const partiql::Update& update) {
  Try(update.where);
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  for (const item::ItemView before : {world.item(), item::ItemView()}) {
    const auto applied = update.update.Apply(before, world.key(), true);
    STATOR_CHECK(applied.ok() ? item::ValidItem(applied->item)
                              : applied.error().type() == ErrorType::ValidationException);
  }
}

}  // namespace
}  // namespace stator

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  const Bytes text = fuzz::Text(data, size);
  // As many as the statement has, unless some stand in strings.
  const std::vector<std::string> parameters =
      Parameters(std::min<size_t>(static_cast<size_t>(std::count(text.begin(), text.end(), '?')), 100));
  const auto statement = partiql::Parse(text, parameters);
  if (!statement.ok()) {
    STATOR_CHECK(statement.error().type() == ErrorType::ValidationException);
    return 0;
  }
  std::visit([](const auto& kind) { Try(kind); }, *statement);
  return 0;
}
