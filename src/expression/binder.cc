// ExpressionAttributeNames and ExpressionAttributeValues: their own errors, and looking them up. Test: binder_test.cc.
#include <algorithm>
#include <numeric>

#include "base/base64.h"
#include "errors/dataplane.h"
#include "errors/expression.h"
#include "expression/binder_state.h"
#include "expression/reserved_words.h"
#include "item/wire.h"

namespace stator::expression {
namespace internal {
namespace {

constexpr size_t kMaxNameBytes = 65535;

bool IsWellFormedKey(Bytes key, char lead) {
  return key.size() > 1 && key[0] == lead && std::all_of(key.begin() + 1, key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool ToListIndex(Bytes digits, uint32_t* index) {
  uint64_t value = 0;
  for (const char c : digits) {
    value = value * 10 + static_cast<uint64_t>(c - '0');
    if (value > kMaxListIndex) return false;
  }
  *index = static_cast<uint32_t>(value);
  return true;
}

Status ReadNames(json::Value names, BinderState::Table& table) {
  if (names.size() == 0) return Fail(errors::kNamesEmpty);
  table.entries.reserve(names.size());
  for (const json::Member& member : names.members()) {
    if (!IsWellFormedKey(member.name, '#')) return Fail(errors::kNameKeySyntax, member.name);
    table.entries.push_back({member.name, member.value.text(), {}});
  }
  for (const BinderState::Entry& entry : table.entries) {
    if (entry.name.empty()) {
      return Fail(errors::kNameInvalid, TextTemplate(errors::kNameValueEmpty), entry.key);
    }
    if (entry.name.size() > kMaxNameBytes) {
      return Fail(errors::kNameInvalid, TextTemplate(errors::kNameValueTooLong), entry.key);
    }
  }
  table.Sort();
  return {};
}

// notes/dynamodb.md, section 4, "Expressions".
constexpr size_t kMaxSubstitutedBytes = size_t{2} << 20;

Status ReadValues(json::Value values, BinderState::Table& table) {
  if (values.size() == 0) return Fail(errors::kValuesEmpty);
  table.entries.reserve(values.size());
  for (const json::Member& member : values.members()) {
    if (!IsWellFormedKey(member.name, ':')) return Fail(errors::kValueKeySyntax, member.name);
    table.entries.push_back({member.name, {}, {}});
  }
  size_t at = 0;
  size_t bytes = 0;
  for (const json::Member& member : values.members()) {
    std::string& value = table.entries[at++].value;
    Status read = item::AppendValue(&value, member.value);
    bytes += value.size();
    if (bytes > kMaxSubstitutedBytes) return Fail(errors::kValuesTooLarge);
    if (read.ok()) continue;
    if (read.error().type() != ErrorType::ValidationException) return read;
    return Fail(errors::kValueInvalid, read.error().text, member.name);
  }
  table.Sort();
  return {};
}

}  // namespace

void BinderState::Table::Sort() {
  by_key.resize(entries.size());
  std::iota(by_key.begin(), by_key.end(), 0);
  std::stable_sort(by_key.begin(), by_key.end(),
                   [&](uint32_t a, uint32_t b) { return entries[a].key < entries[b].key; });
}

const BinderState::Entry* BinderState::Table::Use(Bytes key) {
  // The last one of a repeated key, as everywhere in a request.
  auto after = std::upper_bound(by_key.begin(), by_key.end(), key,
                                [&](Bytes wanted, uint32_t at) { return wanted < entries[at].key; });
  if (after == by_key.begin()) return nullptr;
  Entry& entry = entries[*--after];
  if (entry.key != key) return nullptr;
  entry.used = true;
  return &entry;
}

std::string BinderState::Table::Unused() const {
  std::string text;
  for (const Entry& entry : entries) {
    if (entry.used) continue;
    text.append(text.empty() ? "{" : ", ").append(entry.key);
  }
  if (!text.empty()) text += '}';
  return text;
}

Result<Path> BinderState::BindPath(const SyntaxTree& tree, const SyntaxNode& node) {
  if (node.count > kMaxPathSteps) return Fail(errors::kPathTooDeep, uint64_t{node.count});
  Path path;
  path.reserve(node.count);
  for (uint32_t i = node.first; i < node.first + node.count; ++i) {
    const SyntaxStep& step = tree.steps[i];
    if (step.kind == SyntaxStep::Kind::kName || step.kind == SyntaxStep::Kind::kPlainName) {
      path.push_back(Step::Name(step.text));
    } else if (step.kind == SyntaxStep::Kind::kNameRef) {
      const Entry* entry = names.Use(step.text);
      if (entry == nullptr) return Fail(errors::kNameUndefined, step.text);
      path.push_back(Step::Name(entry->name));
    } else {
      uint32_t index = 0;
      if (!ToListIndex(step.text, &index)) return Fail(errors::kPathIndexOutOfRange, step.text);
      path.push_back(Step::Index(index));
    }
  }
  if (path.size() > 1) nested.push_back(path.front().name);
  return path;
}

Result<item::ValueView> BinderState::BindValue(const SyntaxTree& tree, const SyntaxNode& node) {
  if (node.kind == NodeKind::kLiteral) return item::ValueView(tree.literals[node.first]);
  const Entry* entry = values.Use(node.text);
  if (entry == nullptr) return Fail(errors::kValueUndefined, node.text);
  return item::ValueView(entry->value);
}

Status CheckReserved(const SyntaxTree& tree) {
  for (const SyntaxStep& step : tree.steps) {
    if (step.kind == SyntaxStep::Kind::kName && IsReserved(step.text)) {
      return Fail(errors::kExpressionReservedWord, step.text);
    }
  }
  return {};
}

Error InParameter(Bytes parameter, const Error& error) {
  return Fail(errors::kInvalidExpression, parameter, error.text);
}

Status CheckText(Bytes parameter, Bytes text) {
  if (text.empty()) return Fail(errors::kEmptyExpression, parameter);
  if (text.size() > kMaxExpressionBytes) return InParameter(parameter, Fail(errors::kExpressionTooLong, text.size()));
  return {};
}

std::string ValueText(item::ValueView value) {
  std::string text = "{";
  text.append(item::TypeName(value.tag())).append(":");
  switch (value.tag()) {
    case item::Tag::kString:
      text.append(value.bytes());
      break;
    case item::Tag::kBinary:
      AppendBase64(&text, value.bytes());
      break;
    case item::Tag::kNumber:
      value.number().AppendText(&text);
      break;
    case item::Tag::kFalse:
      text.append("false");
      break;
    case item::Tag::kNull:
    case item::Tag::kTrue:
      text.append("true");
      break;
    default:
      break;  // bounds of BETWEEN are scalars
  }
  return text += '}';
}

}  // namespace internal

Binder::Binder() : state_(std::make_unique<internal::BinderState>()) {}
Binder::Binder(Binder&&) noexcept = default;
Binder& Binder::operator=(Binder&&) noexcept = default;
Binder::~Binder() = default;

Result<Binder> Binder::Make(json::Value names, json::Value values, bool has_expression, Bytes absent) {
  if (names.valid() && !has_expression) return Fail(errors::kNamesWithoutExpression);
  if (values.valid() && !has_expression) {
    if (absent.empty()) return Fail(errors::kValuesWithoutExpression);
    return Fail(errors::kValuesWithoutExpressions, absent);
  }
  Binder binder;
  if (names.valid()) STATOR_OK(internal::ReadNames(names, binder.state_->names));
  if (values.valid()) STATOR_OK(internal::ReadValues(values, binder.state_->values));
  return binder;
}

const std::vector<std::string>& Binder::NestedNames() const { return state_->nested; }

Status Binder::CheckAllUsed() const {
  const std::string names = state_->names.Unused();
  if (!names.empty()) return Fail(errors::kNamesUnused, names);
  const std::string values = state_->values.Unused();
  if (!values.empty()) return Fail(errors::kValuesUnused, values);
  return {};
}

Error AsWriteError(Error error) {
  if (!error.id.OneOf({errors::kInvalidExpression, errors::kValueInvalid, errors::kValuesWithoutExpressions,
                       errors::kLegacyMixedWithExpressions, errors::kReturnValuesAllOld})) {
    return item::AsWriteError(std::move(error));
  }
  error.text = Fail(errors::kInvalidInWrite, error.text).text;
  return error;
}

}  // namespace stator::expression
