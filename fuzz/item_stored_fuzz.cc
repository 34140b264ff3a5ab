// Any bytes are a valid stored item or not; a valid one can be walked, opened and written, and comes back the same.
#include "base/check.h"
#include "item/tree.h"
#include "item/wire.h"

namespace {

using namespace stator;  // NOLINT(google-build-using-namespace)

void OpenAll(item::Tree* tree) {
  if (tree->tag() != item::Tag::kList && tree->tag() != item::Tag::kMap) return;
  tree->Open();
  if (tree->tag() == item::Tag::kList) {
    for (item::Tree& element : tree->elements()) OpenAll(&element);
  } else {
    for (item::Tree::Member& member : tree->members()) OpenAll(&member.value);
  }
}

bool IsText(Bytes stored) {
  std::string text;
  json::Writer writer(&text);
  item::WriteItem(item::ItemView(stored), writer);
  json::Document document;
  const auto wire = document.Parse(text);
  if (!wire.ok()) return false;  // strings in stored bytes may be no UTF-8
  const auto again = item::ReadItem(*wire);
  // Names at the top may be empty or too long in bytes we did not write.
  STATOR_CHECK(!again.ok() || *again == stored);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes(reinterpret_cast<const char*>(data), size);
  if (!item::ValidItem(bytes)) return 0;
  const item::ItemView view(bytes);
  item::Tree tree = item::OpenItem(view);
  STATOR_CHECK(item::EncodeItem(tree) == bytes);
  for (item::Tree::Member& member : tree.members()) {
    OpenAll(&member.value);
    STATOR_CHECK(view.Find(member.name).valid());
  }
  STATOR_CHECK(item::EncodeItem(tree) == bytes);
  IsText(bytes);
  return 0;
}
