// Any bytes are a key part or not; one that is read is the one way to write that value.
#include "base/check.h"
#include "item/key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator;  // NOLINT(google-build-using-namespace)
  const Bytes bytes(reinterpret_cast<const char*>(data), size);
  for (const item::Tag tag : {item::Tag::kString, item::Tag::kBinary, item::Tag::kNumber}) {
    Bytes in = bytes, skipped = bytes;
    std::string value;
    const bool read = item::GetKeyPart(&in, tag, &value);
    STATOR_CHECK(item::SkipKeyPart(&skipped, tag) == read);
    if (!read) continue;
    STATOR_CHECK(in == skipped && item::ValidValue(value));
    std::string again;
    item::AppendKeyPart(&again, item::ValueView(value));
    STATOR_CHECK(again == bytes.substr(0, bytes.size() - in.size()));
  }
  // Two strings and their keys stand in the same order.
  const size_t half = size / 2;
  std::string a, b, key_a, key_b;
  item::AppendString(&a, bytes.substr(0, half));
  item::AppendString(&b, bytes.substr(half));
  item::AppendKeyPart(&key_a, item::ValueView(a));
  item::AppendKeyPart(&key_b, item::ValueView(b));
  STATOR_CHECK((key_a.compare(key_b) <=> 0) == (bytes.substr(0, half).compare(bytes.substr(half)) <=> 0));
  const std::string end = item::PrefixEnd(bytes);
  STATOR_CHECK(end.empty() || Bytes(end) > bytes);
  return 0;
}
