// One function per part of a schema, for both directions (base/coder.h). What is derived (IndexSchema::projected) is
// not kept.
#include "catalog/schema_codec.h"

#include <algorithm>

#include "base/coder.h"

namespace stator::catalog {
namespace {

constexpr uint8_t kWithTimeToLive = 2;
constexpr uint8_t kWithPolicies = 3;

template <class Coder>
void Flag(Coder& coder, Of<Coder, bool> flag) {
  coder.Number(flag);
}

template <class Coder>
void CodeKeyAttributes(Coder& coder, Of<Coder, std::vector<KeyAttribute>> attributes) {
  coder.List(attributes, [&coder](auto& attribute) {
    coder.Text(attribute.name);
    coder.Enum(attribute.type, item::Tag::kBinary);
  });
}

template <class Coder>
void CodeKey(Coder& coder, Of<Coder, KeySchema> key) {
  CodeKeyAttributes(coder, key.hash);
  CodeKeyAttributes(coder, key.range);
}

template <class Coder>
void CodeThroughput(Coder& coder, Of<Coder, Throughput> throughput) {
  const auto time = [&coder](auto& t) { coder.Instant(t); };
  coder.Signed(throughput.read);
  coder.Signed(throughput.write);
  coder.Optional(throughput.last_increase, time);
  coder.Optional(throughput.last_decrease, time);
  coder.Signed(throughput.decreases_today);
}

template <class Coder>
void CodeOnDemand(Coder& coder, Of<Coder, std::optional<OnDemandThroughput>> on_demand) {
  coder.Optional(on_demand, [&coder](auto& limits) {
    const auto number = [&coder](auto& n) { coder.Signed(n); };
    coder.Optional(limits.max_read, number);
    coder.Optional(limits.max_write, number);
  });
}

template <class Coder>
void CodeWarm(Coder& coder, Of<Coder, std::optional<WarmThroughput>> warm) {
  coder.Optional(warm, [&coder](auto& units) {
    coder.Signed(units.read);
    coder.Signed(units.write);
  });
}

template <class Coder>
void CodeIndex(Coder& coder, Of<Coder, IndexSchema> index) {
  coder.Text(index.name);
  coder.Text(index.arn);
  Flag(coder, index.local);
  coder.Number(index.space);
  CodeKey(coder, index.key);
  coder.Enum(index.projection, ProjectionType::kInclude);
  coder.List(index.non_key_attributes, [&coder](auto& name) { coder.Text(name); });
  coder.Enum(index.state, State::kDeleting);
  Flag(coder, index.backfilling);
  CodeThroughput(coder, index.throughput);
  CodeOnDemand(coder, index.on_demand);
  CodeWarm(coder, index.warm);
}

template <class Coder>
void CodeTimeToLive(Coder& coder, Of<Coder, TimeToLive> ttl) {
  coder.Text(ttl.attribute);
  Flag(coder, ttl.enabled);
  coder.Number(ttl.space);
  Flag(coder, ttl.backfilling);
  coder.Optional(ttl.changed, [&coder](auto& t) { coder.Instant(t); });
}

template <class Coder>
void CodeTable(Coder& coder, Of<Coder, TableSchema> table, uint8_t version) {
  coder.Number(table.name_space);
  coder.Text(table.name);
  coder.Text(table.arn);
  coder.Text(table.id);
  coder.Number(table.space);
  CodeKey(coder, table.key);
  CodeKeyAttributes(coder, table.attributes);
  coder.List(table.indexes, [&coder](auto& index) { CodeIndex(coder, index); });
  coder.Enum(table.state, State::kDeleting);
  coder.Instant(table.created);
  coder.Enum(table.billing, BillingMode::kPayPerRequest);
  coder.Optional(table.on_demand_since, [&coder](auto& t) { coder.Instant(t); });
  CodeThroughput(coder, table.throughput);
  CodeOnDemand(coder, table.on_demand);
  CodeWarm(coder, table.warm);
  Flag(coder, table.stream.enabled);
  coder.Text(table.stream.view_type);
  coder.Text(table.stream.label);
  coder.Optional(table.sse, [&coder](auto& sse) {
    Flag(coder, sse.enabled);
    coder.Text(sse.kms_key_arn);
  });
  coder.Optional(table.table_class,
                 [&coder](auto& table_class) { coder.Enum(table_class, TableClass::kStandardInfrequentAccess); });
  Flag(coder, table.deletion_protection);
  coder.List(table.tags, [&coder](auto& tag) {
    coder.Text(tag.first);
    coder.Text(tag.second);
  });
  if (version >= kWithTimeToLive) CodeTimeToLive(coder, table.ttl);
  if (version >= kWithPolicies) {
    coder.List(table.policies, [&coder](auto& policy) {
      coder.Text(policy.stream);
      coder.Text(policy.text);
      coder.Text(policy.revision);
    });
  }
}

bool IsScalar(const std::vector<KeyAttribute>& attributes) {
  return std::all_of(attributes.begin(), attributes.end(), [](const KeyAttribute& attribute) {
    return attribute.type == item::Tag::kString || attribute.type == item::Tag::kNumber ||
           attribute.type == item::Tag::kBinary;
  });
}

bool IsKey(const KeySchema& key) { return !key.hash.empty() && IsScalar(key.hash) && IsScalar(key.range); }

}  // namespace

std::string EncodeSchema(const TableSchema& schema) {
  std::string out;
  Encoder coder(&out);
  CodeTable(coder, schema, kSchemaVersion);
  return out;
}

std::optional<TableSchema> DecodeSchema(uint8_t version, Bytes bytes) {
  if (version == 0 || version > kSchemaVersion) return std::nullopt;
  TableSchema table;
  Decoder coder(bytes);
  CodeTable(coder, table, version);
  if (!coder.Finished() || !IsKey(table.key) || !IsScalar(table.attributes)) return std::nullopt;
  for (IndexSchema& index : table.indexes) {
    if (!IsKey(index.key)) return std::nullopt;
    index.projected = ProjectedNames(table.key, index);
  }
  return table;
}

std::vector<std::string> ProjectedNames(const KeySchema& table_key, const IndexSchema& index) {
  if (index.projection == ProjectionType::kAll) return {};
  std::vector<std::string> names = index.non_key_attributes;
  for (const KeySchema* key : {&index.key, &table_key}) {
    for (const auto* part : {&key->hash, &key->range}) {
      for (const KeyAttribute& attribute : *part) names.push_back(attribute.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace stator::catalog
