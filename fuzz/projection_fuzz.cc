// Any text is a projection or a ValidationException; what is written is what is stored, and projecting it again keeps
// it unless indexes have moved.
#include "expression_world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  const fuzz::ExpressionWorld& world = fuzz::ExpressionWorld::Get();
  const Bytes text = fuzz::Text(data, size);
  expression::Binder binder = world.NewBinder();
  const auto projection = expression::Projection::Parse(text, binder);
  if (!projection.ok()) {
    STATOR_CHECK(projection.error().type() == ErrorType::ValidationException);
    return 0;
  }
  projection->TopLevelNames();
  const std::string kept = projection->Apply(world.item());
  STATOR_CHECK(item::ValidItem(kept));
  if (text.find('[') == Bytes::npos) STATOR_CHECK(projection->Apply(item::ItemView(kept)) == kept);
  std::string written;
  json::Writer writer(&written);
  projection->Write(world.item(), writer);
  json::Document document;
  STATOR_CHECK(*item::ReadItem(*document.Parse(written)) == kept);
  return 0;
}
