// Any text is a key condition or a ValidationException; bound to a schema, every hash attribute has its value.
#include "expression_world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  using expression::KeyAttribute;
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  expression::Binder binder = world.NewBinder();
  const auto comparisons = expression::ParseKeyCondition(fuzz::Text(data, size), binder);
  if (!comparisons.ok()) {
    STATOR_CHECK(comparisons.error().type() == ErrorType::ValidationException);
    return 0;
  }
  const std::vector<KeyAttribute> hashes = {{"p", item::Tag::kString}, {"a", item::Tag::kString}};
  const std::vector<KeyAttribute> ranges = {{"r", item::Tag::kString}, {"n", item::Tag::kNumber}};
  for (size_t hash = 1; hash <= hashes.size(); ++hash) {
    for (size_t range = 0; range <= ranges.size(); ++range) {
      const std::vector<KeyAttribute> h(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(hash));
      const std::vector<KeyAttribute> r(ranges.begin(), ranges.begin() + static_cast<std::ptrdiff_t>(range));
      const auto key = expression::BindKey(*comparisons, h, r, false);
      if (!key.ok()) continue;
      STATOR_CHECK(key->hash.size() == hash && key->range.size() <= range);
      for (const auto& comparison : key->range) STATOR_CHECK(item::ValidValue(comparison.value));
    }
  }
  return 0;
}
