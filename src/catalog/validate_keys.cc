#include "catalog/validate_keys.h"

#include <algorithm>

#include "errors/catalog.h"
#include "errors/dispatch.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

constexpr size_t kMaxPlainKey = 2;    // elements of the key of a table or a local index
constexpr size_t kMaxOfEachKind = 4;  // HASH and RANGE elements of a global index

struct Element {
  Bytes name;
  bool hash;
};

std::vector<Element> ReadElements(json::Value list) {
  std::vector<Element> elements;
  for (const json::Value element : list.elements()) {
    elements.push_back({element.Find("AttributeName").text(), element.Find("KeyType").text() == "HASH"});
  }
  return elements;
}

std::string JoinElements(const std::vector<Element>& elements) {
  std::string joined;
  for (const Element& element : elements) joined.append(joined.empty() ? "" : ", ").append(element.name);
  return joined;
}

item::Tag TagOf(Bytes scalar_type) {
  if (scalar_type == "N") return item::Tag::kNumber;
  return scalar_type == "B" ? item::Tag::kBinary : item::Tag::kString;
}

Status CheckDistinct(const std::vector<Element>& elements) {
  for (size_t i = 0; i < elements.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (elements[i].name == elements[j].name) return Fail(errors::kKeyRepeated);
    }
  }
  return {};
}

// HASH first, then RANGE: one of each, or up to four where several are allowed.
Status CheckOrder(const std::vector<Element>& elements, KeyOf of) {
  if (!elements.front().hash) return Fail(errors::kKeyFirstNotHash);
  if (of != KeyOf::kGlobalIndex) {
    if (elements.size() == 2 && elements[1].hash) return Fail(errors::kKeySecondNotRange);
    return {};
  }
  for (size_t i = 1; i < elements.size(); ++i) {
    if (elements[i].hash && !elements[i - 1].hash) return Fail(errors::kKeyHashAfterRange);
  }
  const auto hashes = static_cast<size_t>(
      std::count_if(elements.begin(), elements.end(), [](const Element& element) { return element.hash; }));
  if (hashes > kMaxOfEachKind) return Fail(errors::kKeyTooManyOfKind, "HASH");
  if (elements.size() - hashes > kMaxOfEachKind) return Fail(errors::kKeyTooManyOfKind, "RANGE");
  return {};
}

}  // namespace

Definitions ReadDefinitions(json::Value list) {
  Definitions definitions;
  if (!list.valid()) return definitions;
  for (const json::Value definition : list.elements()) {
    definitions.push_back(
        {std::string(definition.Find("AttributeName").text()), TagOf(definition.Find("AttributeType").text())});
  }
  return definitions;
}

const KeyAttribute* FindDefinition(const Definitions& definitions, Bytes name) {
  for (const KeyAttribute& definition : definitions) {
    if (definition.name == name) return &definition;
  }
  return nullptr;
}

std::string JoinNames(const Definitions& definitions) {
  std::string joined;
  for (const KeyAttribute& definition : definitions) joined.append(joined.empty() ? "" : ", ").append(definition.name);
  return joined;
}

Result<KeySchema> ReadKeySchema(json::Value list, KeyOf of, const std::string& path, const Definitions& defined,
                                const Definitions& listed) {
  const std::vector<Element> elements = ReadElements(list);
  if (of != KeyOf::kGlobalIndex && elements.size() > kMaxPlainKey) {
    return Fail(errors::kShapeTooLong, path, static_cast<int64_t>(kMaxPlainKey));
  }
  if (of == KeyOf::kTable && elements.size() > defined.size()) return Fail(errors::kKeyWithoutDefinition);
  KeySchema key;
  for (const Element& element : elements) {
    const KeyAttribute* definition = FindDefinition(defined, element.name);
    if (!definition) return Fail(errors::kKeysNotDefined, JoinElements(elements), JoinNames(listed));
    (element.hash ? key.hash : key.range).push_back(*definition);
  }
  STATOR_OK(CheckDistinct(elements));
  STATOR_OK(CheckOrder(elements, of));
  return key;
}

bool IsKeyAttribute(const TableSchema& schema, Bytes name) {
  const auto uses = [name](const KeySchema& key) {
    return FindDefinition(key.hash, name) != nullptr || FindDefinition(key.range, name) != nullptr;
  };
  return uses(schema.key) || std::any_of(schema.indexes.begin(), schema.indexes.end(),
                                         [&uses](const IndexSchema& index) { return uses(index.key); });
}

Status CheckDefinitionsUsed(const TableSchema& schema) {
  if (schema.indexes.empty()) {
    const size_t keys = schema.key.hash.size() + schema.key.range.size();
    if (keys != schema.attributes.size()) return Fail(errors::kDefinitionCount);
    return {};
  }
  Definitions used;
  for (const KeyAttribute& definition : schema.attributes) {
    if (FindDefinition(used, definition.name)) return Fail(errors::kDefinitionConflict, definition.name);
    if (IsKeyAttribute(schema, definition.name)) used.push_back(definition);
  }
  if (used.size() == schema.attributes.size()) return {};
  return Fail(errors::kDefinitionsUnused, JoinNames(schema.attributes), JoinNames(used));
}

}  // namespace stator::catalog
