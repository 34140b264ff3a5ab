// Any text is an update or a ValidationException; what it makes of an item is an item, and the paths it did not touch
// stay.
#include <algorithm>

#include "expression_world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  expression::Binder binder = world.NewBinder();
  const auto update = expression::Update::Parse(fuzz::Text(data, size), binder);
  if (!update.ok()) {
    STATOR_CHECK(update.error().type() == ErrorType::ValidationException);
    return 0;
  }
  STATOR_CHECK(update->size_bytes() > 0);
  const std::vector<std::string> names = update->TopLevelNames();
  for (const item::ItemView before : {world.item(), item::ItemView()}) {
    const auto applied = update->Apply(before, world.key(), true);
    if (!applied.ok()) {
      STATOR_CHECK(applied.error().type() == ErrorType::ValidationException);
      continue;
    }
    STATOR_CHECK(item::ValidItem(applied->item));
    STATOR_CHECK(item::ValidItem(applied->updated_old) && item::ValidItem(applied->updated_new));
    const item::ItemView base = before.valid() ? before : world.key();
    Bytes name;
    item::ValueView value;
    for (item::MapView walk = base.attributes(); walk.Next(&name, &value);) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      STATOR_CHECK(item::ItemView(applied->item).Find(name) == value);
    }
  }
  return 0;
}
