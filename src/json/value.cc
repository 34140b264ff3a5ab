// The one place that names the JSON library: simdjson parses and checks, and its tape is what our Values walk.
#include "json/value.h"

#include <simdjson.h>

#include "errors/json.h"

namespace stator::json {
namespace {

constexpr size_t kMaxDepth = 1000;
// Beyond this an array could have more elements than a count on the tape can say.
constexpr size_t kMaxText = 1 << 25;
constexpr size_t kUsualText = 1024;
// The buffers take some fourteen bytes for each of the text; one that met a large text gives them back.
constexpr size_t kShrinkAbove = 1 << 18;

std::unique_ptr<simdjson::dom::parser> MakeParser() {
  auto parser = std::make_unique<simdjson::dom::parser>();
  if (parser->allocate(kUsualText, kMaxDepth) != simdjson::SUCCESS) return nullptr;
  return parser;
}

}  // namespace

struct Document::Impl {
  std::unique_ptr<simdjson::dom::parser> parser;
  internal::Tape tape;
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<Value> Document::Parse(Bytes text) {
  auto& parser = impl_->parser;
  if (!parser || parser->capacity() > kShrinkAbove) parser = MakeParser();
  if (!parser || text.size() > kMaxText) return Fail(errors::kJsonMalformed);
  // The parser copies the text into a buffer it keeps, since it reads past the end.
  if (parser->parse(text.data(), text.size()).error() != simdjson::SUCCESS) return Fail(errors::kJsonMalformed);
  impl_->tape = {parser->doc.tape.get(), reinterpret_cast<const char*>(parser->doc.string_buf.get())};
  return Value(&impl_->tape, 1);  // word 0 is the root's own mark
}

Kind Value::kind() const {
  switch (mark()) {
    case 'f':
      return Kind::kFalse;
    case 't':
      return Kind::kTrue;
    case 'l':
      return Kind::kInteger;
    case 'u':
    case 'd':
      return Kind::kDouble;
    case '"':
      return Kind::kString;
    case '[':
      return Kind::kArray;
    case '{':
      return Kind::kObject;
    default:
      return Kind::kNull;
  }
}

double Value::real() const {
  const uint64_t word = tape_->words[index_ + 1];
  switch (mark()) {
    case 'l':
      return static_cast<double>(static_cast<int64_t>(word));
    case 'u':
      return static_cast<double>(word);
    default: {
      double v;
      std::memcpy(&v, &word, sizeof v);
      return v;
    }
  }
}

Value Value::Find(Bytes name) const {
  Value found;
  for (const Member member : members()) {
    if (member.name == name) found = member.value;
  }
  return found;
}

}  // namespace stator::json
