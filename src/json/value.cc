// The one place that names the JSON library: simdjson parses and checks, its tape becomes our nodes.
#include "json/value.h"

#include <simdjson.h>

namespace stator::json {
namespace {

using internal::Node;

constexpr int kMaxDepth = 200;
constexpr size_t kShrinkAbove = 1 << 20;  // a parser that met a large text gives its memory back

class Flattener {
 public:
  explicit Flattener(std::vector<Node>* nodes) : nodes_(*nodes) {}

  // Recursion is bounded: simdjson has refused anything deeper than kMaxDepth.
  bool Add(simdjson::dom::element element) {
    using simdjson::dom::element_type;
    switch (element.type()) {
      case element_type::NULL_VALUE: Leaf(Kind::kNull); return true;
      case element_type::BOOL: Leaf(element.get_bool().value_unsafe() ? Kind::kTrue : Kind::kFalse); return true;
      case element_type::INT64: Leaf(Kind::kInteger).integer = element.get_int64().value_unsafe(); return true;
      case element_type::UINT64:
        Leaf(Kind::kDouble).real = static_cast<double>(element.get_uint64().value_unsafe());
        return true;
      case element_type::DOUBLE: Leaf(Kind::kDouble).real = element.get_double().value_unsafe(); return true;
      case element_type::STRING: Text(element.get_string().value_unsafe()); return true;
      case element_type::ARRAY: {
        const size_t at = Open(Kind::kArray);
        uint32_t count = 0;
        const simdjson::dom::array array = element.get_array().value_unsafe();
        for (auto child : array) {
          if (!Add(child)) return false;
          ++count;
        }
        return Close(at, count);
      }
      case element_type::OBJECT: {
        const size_t at = Open(Kind::kObject);
        uint32_t count = 0;
        const simdjson::dom::object object = element.get_object().value_unsafe();
        for (auto field : object) {
          Text(field.key);
          if (!Add(field.value)) return false;
          ++count;
        }
        return Close(at, count);
      }
    }
    return false;
  }

 private:
  Node& Leaf(Kind kind) {
    Node& node = nodes_.emplace_back();
    node.kind = kind;
    node.next = static_cast<uint32_t>(nodes_.size());
    node.count = 0;
    return node;
  }
  void Text(std::string_view s) {
    Node& node = Leaf(Kind::kString);
    node.text.data = s.data();
    node.text.size = s.size();
  }
  size_t Open(Kind kind) {
    Leaf(kind);
    return nodes_.size() - 1;
  }
  bool Close(size_t at, uint32_t count) {
    nodes_[at].count = count;
    nodes_[at].next = static_cast<uint32_t>(nodes_.size());
    return true;
  }

  std::vector<Node>& nodes_;
};

}  // namespace

struct Document::Impl {
  std::unique_ptr<simdjson::dom::parser> parser = std::make_unique<simdjson::dom::parser>();
  std::vector<Node> nodes;
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

Result<Value> Document::Parse(Bytes text) {
  if (impl_->nodes.capacity() * sizeof(Node) > kShrinkAbove || impl_->parser->capacity() > kShrinkAbove) *impl_ = Impl();
  impl_->nodes.clear();
  auto& parser = *impl_->parser;
  if (parser.max_depth() != kMaxDepth || parser.capacity() < text.size()) {
    const size_t capacity = std::max<size_t>(text.size(), 4096);
    if (parser.allocate(capacity, kMaxDepth) != simdjson::SUCCESS) return Fail(ErrorId::kJsonMalformed);
  }
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return Fail(ErrorId::kJsonMalformed);
  Flattener flattener(&impl_->nodes);
  if (!flattener.Add(root)) return Fail(ErrorId::kJsonMalformed);
  return Value(impl_->nodes.data(), 0);
}

Value Value::Find(Bytes name) const {
  Value found;
  for (const Member member : members()) {
    if (member.name == name) found = member.value;
  }
  return found;
}

}  // namespace stator::json
