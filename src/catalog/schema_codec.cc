// One function per part of a schema, written once for both directions: a Coder either appends what it is shown or fills
// it from the bytes. What is derived (IndexSchema::projected) is not kept.
#include "catalog/schema_codec.h"

#include <algorithm>
#include <type_traits>

#include "base/coding.h"

namespace stator::catalog {
namespace {

constexpr uint64_t kMaxEntries = 1000;  // of any list in a schema; more is damage

class Encoder {
 public:
  static constexpr bool kReads = false;
  explicit Encoder(std::string* out) : out_(*out) {}

  template <class T>
  void Number(const T& value) {
    PutVarint(&out_, static_cast<uint64_t>(value));
  }
  void Signed(const int64_t& value) { PutFixed64(&out_, static_cast<uint64_t>(value)); }
  template <class E>
  void Enum(const E& value, E /*last*/) {
    out_.push_back(static_cast<char>(value));
  }
  void Text(const std::string& text) { PutLengthPrefixed(&out_, text); }
  template <class T, class Fn>
  void Optional(const std::optional<T>& value, Fn each) {
    out_.push_back(value ? 1 : 0);
    if (value) each(*value);
  }
  template <class T, class Fn>
  void List(const std::vector<T>& list, Fn each) {
    PutVarint(&out_, list.size());
    for (const T& element : list) each(element);
  }

 private:
  std::string& out_;
};

class Decoder {
 public:
  static constexpr bool kReads = true;
  explicit Decoder(Bytes in) : in_(in) {}
  bool ok() const { return ok_; }
  bool AtEnd() const { return in_.empty(); }

  template <class T>
  void Number(T& value) {
    uint64_t v = 0;
    ok_ = ok_ && GetVarint(&in_, &v);
    if (ok_) value = static_cast<T>(v);
  }
  void Signed(int64_t& value) {
    uint64_t v = 0;
    ok_ = ok_ && GetFixed64(&in_, &v);
    if (ok_) value = static_cast<int64_t>(v);
  }
  template <class E>
  void Enum(E& value, E last) {
    uint8_t v = 0;
    ok_ = ok_ && GetByte(&in_, &v) && v <= static_cast<uint8_t>(last);
    if (ok_) value = static_cast<E>(v);
  }
  void Text(std::string& text) {
    Bytes bytes;
    ok_ = ok_ && GetLengthPrefixed(&in_, &bytes);
    if (ok_) text.assign(bytes);
  }
  template <class T, class Fn>
  void Optional(std::optional<T>& value, Fn each) {
    uint8_t present = 0;
    ok_ = ok_ && GetByte(&in_, &present) && present <= 1;
    if (ok_ && present) each(value.emplace());
  }
  template <class T, class Fn>
  void List(std::vector<T>& list, Fn each) {
    uint64_t size = 0;
    ok_ = ok_ && GetVarint(&in_, &size) && size <= kMaxEntries;
    for (uint64_t i = 0; ok_ && i < size; ++i) each(list.emplace_back());
  }

 private:
  Bytes in_;
  bool ok_ = true;
};

// `T` or `const T`, as the coder's direction asks.
template <class Coder, class T>
using Of = std::conditional_t<Coder::kReads, T&, const T&>;

template <class Coder>
void Flag(Coder& coder, Of<Coder, bool> flag) {
  coder.Number(flag);
}

template <class Coder>
void CodeTime(Coder& coder, Of<Coder, Time> time) {
  coder.Signed(time.micros);
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
  const auto time = [&coder](auto& t) { CodeTime(coder, t); };
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
void CodeTable(Coder& coder, Of<Coder, TableSchema> table) {
  coder.Number(table.name_space);
  coder.Text(table.name);
  coder.Text(table.arn);
  coder.Text(table.id);
  coder.Number(table.space);
  CodeKey(coder, table.key);
  CodeKeyAttributes(coder, table.attributes);
  coder.List(table.indexes, [&coder](auto& index) { CodeIndex(coder, index); });
  coder.Enum(table.state, State::kDeleting);
  CodeTime(coder, table.created);
  coder.Enum(table.billing, BillingMode::kPayPerRequest);
  coder.Optional(table.on_demand_since, [&coder](auto& t) { CodeTime(coder, t); });
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
  CodeTable(coder, schema);
  return out;
}

std::optional<TableSchema> DecodeSchema(uint8_t version, Bytes bytes) {
  if (version != kSchemaVersion) return std::nullopt;
  TableSchema table;
  Decoder coder(bytes);
  CodeTable(coder, table);
  if (!coder.ok() || !coder.AtEnd() || !IsKey(table.key) || !IsScalar(table.attributes)) return std::nullopt;
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
