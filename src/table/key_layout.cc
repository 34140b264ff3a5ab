#include "table/key_layout.h"

#include <algorithm>
#include <vector>

#include "base/coding.h"
#include "errors/table.h"
#include "item/key.h"
#include "item/select.h"

namespace stator::table {
namespace {

using catalog::IndexSchema;
using catalog::KeyAttribute;
using catalog::TableSchema;
using item::ItemView;
using item::Tag;
using item::ValueView;

constexpr size_t kMaxHashBytes = 2048;
constexpr size_t kMaxRangeBytes = 1024;

bool IsEmpty(ValueView value) { return value.tag() != Tag::kNumber && value.bytes().empty(); }

Bytes KindOfEmpty(ValueView value) { return value.tag() == Tag::kString ? "string" : "binary"; }

// A missing, ill-typed or empty attribute of the table's key.
Status CheckTableAttribute(const KeyAttribute& attribute, ValueView value, KeySource source) {
  if (!value.valid()) {
    return source == KeySource::kItem ? Fail(errors::kMissingKeyInItem, attribute.name)
                                      : Fail(errors::kKeyDoesNotMatchSchema);
  }
  if (value.tag() != attribute.type) {
    if (source == KeySource::kKey) return Fail(errors::kKeyDoesNotMatchSchema);
    return Fail(errors::kKeyTypeMismatch, attribute.name, item::TypeName(attribute.type), item::TypeName(value.tag()));
  }
  if (IsEmpty(value)) return Fail(errors::kEmptyKey, KindOfEmpty(value), attribute.name);
  return {};
}

Status CheckIndexAttribute(const IndexSchema& index, const KeyAttribute& attribute, ValueView value) {
  if (value.tag() != attribute.type) {
    return Fail(errors::kIndexKeyTypeMismatch, attribute.name, item::TypeName(attribute.type),
                item::TypeName(value.tag()), index.name);
  }
  if (!IsEmpty(value)) return {};
  const bool text = value.tag() == Tag::kString;
  return Fail(text ? errors::kEmptyStringIndexKey : errors::kEmptyBinaryIndexKey, index.name, attribute.name);
}

size_t KeyBytes(ValueView value) { return value.tag() == Tag::kNumber ? 0 : value.bytes().size(); }

// Appends the parts and checks their total length. REQUIRES: every attribute is present and typed.
Status AppendParts(std::string* out, const std::vector<KeyAttribute>& attributes, ItemView item, size_t max_bytes,
                   ErrorId too_long) {
  size_t bytes = 0;
  for (const KeyAttribute& attribute : attributes) {
    const ValueView value = item.Find(attribute.name);
    bytes += KeyBytes(value);
    item::AppendKeyPart(out, value);
  }
  if (bytes > max_bytes) return Fail(too_long);
  return {};
}

// hash64 | hash attributes | range attributes
Result<std::string> LayOut(const catalog::KeySchema& key, ItemView item) {
  std::string out(8, '\0');
  STATOR_OK(AppendParts(&out, key.hash, item, kMaxHashBytes, errors::kHashKeyTooLong));
  std::string hash;
  PutBig64(&hash, item::HashOfKey(Bytes(out).substr(8)));
  out.replace(0, 8, hash);
  STATOR_OK(AppendParts(&out, key.range, item, kMaxRangeBytes, errors::kRangeKeyTooLong));
  return out;
}

void AppendNames(std::vector<std::string>* names, const catalog::KeySchema& key) {
  for (const auto* part : {&key.hash, &key.range}) {
    for (const KeyAttribute& attribute : *part) names->push_back(attribute.name);
  }
}

}  // namespace

Result<std::string> TableKey(const TableSchema& table, ItemView item, KeySource source) {
  const size_t expected = table.key.hash.size() + table.key.range.size();
  if (source == KeySource::kKey && item.attributes().count() != expected) return Fail(errors::kKeyDoesNotMatchSchema);
  for (const auto* part : {&table.key.hash, &table.key.range}) {
    for (const KeyAttribute& attribute : *part) {
      STATOR_OK(CheckTableAttribute(attribute, item.Find(attribute.name), source));
    }
  }
  return LayOut(table.key, item);
}

Result<IndexKeyResult> IndexKey(const TableSchema& table, const IndexSchema& index, ItemView item) {
  bool present = true;
  for (const auto* part : {&index.key.hash, &index.key.range}) {
    for (const KeyAttribute& attribute : *part) {
      const ValueView value = item.Find(attribute.name);
      if (!value.valid()) {
        present = false;
        continue;
      }
      STATOR_OK(CheckIndexAttribute(index, attribute, value));
    }
  }
  if (!present) return IndexKeyResult{};
  STATOR_TRY(std::string key, LayOut(index.key, item));
  for (const auto* part : {&table.key.hash, &table.key.range}) {
    for (const KeyAttribute& attribute : *part) item::AppendKeyPart(&key, item.Find(attribute.name));
  }
  return IndexKeyResult{true, std::move(key)};
}

std::string IndexEntry(const IndexSchema& index, ItemView item) {
  if (index.projection == catalog::ProjectionType::kAll) return std::string(item.stored());
  return item::SelectAttributes(item, index.projected);
}

std::string KeyItem(const TableSchema& table, const IndexSchema* index, ItemView item) {
  std::vector<std::string> names;
  AppendNames(&names, table.key);
  if (index) AppendNames(&names, index->key);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return item::SelectAttributes(item, names);
}

std::string HashPrefix(const std::vector<ValueView>& hash_values) {
  std::string out(8, '\0');
  for (const ValueView value : hash_values) item::AppendKeyPart(&out, value);
  std::string hash;
  PutBig64(&hash, item::HashOfKey(Bytes(out).substr(8)));
  out.replace(0, 8, hash);
  return out;
}

}  // namespace stator::table
