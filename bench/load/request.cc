#include "load/request.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <utility>

namespace load {
namespace {

constexpr std::string_view kZeros = "0000000000";
constexpr std::string_view kPartitionPrefix = "MSG#";
constexpr std::string_view kSortPrefix = "2026-";
constexpr uint32_t kBatch = 25;
constexpr uint64_t kVariants = 32;
constexpr size_t kMessageSize = 188;
constexpr size_t kMostRequest = size_t{1} << 20;

using Part = Template::Part;

void WriteDigits(char* to, uint64_t value) {
  for (size_t i = kZeros.size(); i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

// The head an SDK sends: about the same number and length of header lines, so that parsing costs what it costs in use.
void AddHttpHead(Template* request, std::string_view operation) {
  std::string head = "POST / HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: identity\r\nX-Amz-Target: ";
  head.append("DynamoDB_20120810.").append(operation);
  head.append(
      "\r\nContent-Type: application/x-amz-json-1.0\r\n"
      "User-Agent: Botocore/1.27.36 Python/3.11.2 Linux/6.1.0\r\n"
      "X-Amz-Date: 20261120T100000Z\r\n"
      "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
      "Signature=9f0bc2d6c8b1a0f3b5d4e7a6c1928374650f1e2d3c4b5a69788796a5b4c3d2e1\r\n"
      "Content-Length: ");
  head.append(std::to_string(request->bytes().size())).append("\r\n\r\n");
  request->Prepend(head);
}

void AddKey(Template* request, uint32_t step = 0) {
  request->Text(R"("pk":{"S":")").Text(kPartitionPrefix).Digits(Part::kPartition, step);
  request->Text(R"("},"sk":{"S":")").Text(kSortPrefix).Digits(Part::kSort, step).Text("\"}");
}

// Words of 3,000, so that a block of items compresses about as well as people's messages do.
std::string Message(uint64_t seed) {
  std::string text;
  while (text.size() < kMessageSize) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    uint64_t word = (seed >> 33) % 3000 * 0x9e3779b97f4a7c15U;
    for (uint64_t letters = 2 + (word >> 61); letters > 0; --letters, word >>= 5) {
      text.push_back("etaoinshrdlucmfwypvbgkjxzq"[word % 26]);
    }
    text.push_back(' ');
  }
  text.resize(kMessageSize);
  return text;
}

// pk 2+14, sk 2+15, user_uuid 9+36, user_handle 11+10, hits 4+2, message 7+188: 300 bytes.
void AddItem(Template* request, uint64_t variant, uint32_t step = 0) {
  request->Text("{");
  AddKey(request, step);
  request->Text(R"(,"user_uuid":{"S":"4a1c9b52-7d0e-4c1f-9a3b-0123456789ab"},"user_handle":{"S":"bench_user"},)");
  request->Text(R"("hits":{"N":"10"},"message":{"S":")");
  request->Text(Message(variant * kBatch + step)).Text("\"}}");
}

Template Open(const Target& target) {
  Template request;
  request.Text(R"({"TableName":")").Text(target.table).Text("\"");
  return request;
}

Template Get(const Target& target) {
  Template request = Open(target);
  request.Text(R"(,"Key":{)");
  AddKey(&request);
  request.Text("}}");
  AddHttpHead(&request, "GetItem");
  return request;
}

// The same item by a statement, its key as parameters or written in it.
Template Select(const Target& target, bool parameters) {
  Template request;
  request.Text(R"({"Statement":"SELECT * FROM \")").Text(target.table).Text(R"(\" WHERE pk = )");
  if (parameters) {
    request.Text(R"(? AND sk = ?","Parameters":[{"S":")").Text(kPartitionPrefix).Digits(Part::kPartition);
    request.Text(R"("},{"S":")").Text(kSortPrefix).Digits(Part::kSort).Text(R"("}]})");
  } else {
    request.Text("'").Text(kPartitionPrefix).Digits(Part::kPartition).Text("' AND sk = '");
    request.Text(kSortPrefix).Digits(Part::kSort).Text(R"('"})");
  }
  AddHttpHead(&request, "ExecuteStatement");
  return request;
}

Template Put(const Target& target, uint64_t variant) {
  Template request = Open(target);
  request.Text(R"(,"Item":)");
  AddItem(&request, variant);
  request.Text("}");
  AddHttpHead(&request, "PutItem");
  return request;
}

Template Update(const Target& target) {
  Template request = Open(target);
  request.Text(R"(,"Key":{)");
  AddKey(&request);
  request.Text(R"(},"UpdateExpression":"SET hits = hits + :one","ExpressionAttributeValues":{":one":{"N":"1"}}})");
  AddHttpHead(&request, "UpdateItem");
  return request;
}

Template Query(const Target& target, bool forward) {
  Template request = Open(target);
  request.Text(R"(,"Limit":20,"KeyConditionExpression":"pk = :pk","ScanIndexForward":)");
  request.Text(forward ? "true" : "false").Text(R"(,"ExpressionAttributeValues":{":pk":{"S":")");
  request.Text(kPartitionPrefix).Digits(Part::kPartition).Text("\"}}}");
  AddHttpHead(&request, "Query");
  return request;
}

Template Scan(const Target& target) {
  Template request = Open(target);
  request.Text("}");
  AddHttpHead(&request, "Scan");
  return request;
}

Template BatchWrite(const Target& target, uint64_t variant) {
  Template request;
  request.Text(R"({"RequestItems":{")").Text(target.table).Text("\":[");
  for (uint32_t step = 0; step < kBatch; ++step) {
    request.Text(step == 0 ? "" : ",").Text(R"({"PutRequest":{"Item":)");
    AddItem(&request, variant, step);
    request.Text("}}");
  }
  request.Text("]}}");
  AddHttpHead(&request, "BatchWriteItem");
  return request;
}

// With a token, as every SDK sends one.
void CloseTransaction(Template* request) {
  request->Text(R"(],"ClientRequestToken":")").Text(std::to_string(getpid())).Text("-").Digits(Part::kFresh);
  request->Text("\"}");
  AddHttpHead(request, "TransactWriteItems");
}

Template TransactPuts(const Target& target, uint64_t variant, uint32_t puts) {
  Template request;
  request.Text(R"({"TransactItems":[)");
  for (uint32_t step = 0; step < puts; ++step) {
    request.Text(step == 0 ? "" : ",").Text(R"({"Put":{"TableName":")").Text(target.table).Text(R"(","Item":)");
    AddItem(&request, variant, step);
    request.Text("}}");
  }
  CloseTransaction(&request);
  return request;
}

Template TransactGets(const Target& target, uint32_t gets) {
  Template request;
  request.Text(R"({"TransactItems":[)");
  for (uint32_t step = 0; step < gets; ++step) {
    request.Text(step == 0 ? "" : ",").Text(R"({"Get":{"TableName":")").Text(target.table).Text(R"(","Key":{)");
    AddKey(&request, step);
    request.Text("}}}");
  }
  request.Text("]}");
  AddHttpHead(&request, "TransactGetItems");
  return request;
}

// One counter for everybody.
Template TransactCounter(const Target& target) {
  Template request;
  request.Text(R"({"TransactItems":[{"Update":{"TableName":")").Text(target.table);
  request.Text(R"(","Key":{"pk":{"S":"COUNTER"},"sk":{"S":"0"}},"UpdateExpression":"ADD hits :one",)");
  request.Text(R"("ExpressionAttributeValues":{":one":{"N":"1"}}}})");
  CloseTransaction(&request);
  return request;
}

// What a table is made for.
enum class TableFor { kItems, kItemsAndStream, kPairs };

Template CreateTable(std::string_view table, TableFor purpose) {
  Template request;
  request.Text(R"({"TableName":")").Text(table);
  if (purpose == TableFor::kPairs) request.Text("-").Digits(Part::kNumber);
  request.Text(R"(",)");
  if (purpose == TableFor::kItemsAndStream) {
    request.Text(R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},)");
  }
  request.Text(R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],)");
  request.Text(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)");
  request.Text(R"({"AttributeName":"sk","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST"})");
  AddHttpHead(&request, "CreateTable");
  return request;
}

Template DeleteNumberedTable(std::string_view table) {
  Template request;
  request.Text(R"({"TableName":")").Text(table).Text("-").Digits(Part::kNumber).Text("\"}");
  AddHttpHead(&request, "DeleteTable");
  return request;
}

Template Health() {
  Template request;
  request.Text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return request;
}

Template RedisSet(uint64_t variant) {
  Template request;
  request.Text("*3\r\n$3\r\nSET\r\n$14\r\nkey:").Digits(Part::kNumber).Text("\r\n$300\r\n");
  request.Text((Message(variant) + Message(variant + 1)).substr(0, 300)).Text("\r\n");
  return request;
}

Template RedisGet() {
  Template request;
  request.Text("*2\r\n$3\r\nGET\r\n$14\r\nkey:").Digits(Part::kNumber).Text("\r\n");
  return request;
}

}  // namespace

Template& Template::Text(std::string_view text) {
  bytes_.append(text);
  return *this;
}

Template& Template::Digits(Part part, uint32_t step) {
  slots_.push_back({bytes_.size(), step, part});
  bytes_.append(kZeros);
  return *this;
}

void Template::Prepend(std::string_view head) {
  bytes_.insert(0, head);
  for (Slot& slot : slots_) slot.offset += head.size();
}

void Template::Fill(uint64_t n, uint64_t stride, uint64_t items) {
  static std::atomic<uint64_t> fresh{0};
  for (const Slot& slot : slots_) {
    const uint64_t item = slot.step == 0 ? n : (n + slot.step * stride) % items;
    uint64_t value = item;
    if (slot.part == Part::kPartition) value = item / kItemsPerPartition;
    if (slot.part == Part::kSort) value = item % kItemsPerPartition;
    if (slot.part == Part::kFresh) value = fresh.fetch_add(1, std::memory_order_relaxed);
    WriteDigits(bytes_.data() + slot.offset, value);
  }
}

namespace {

// Empty if there is no such workload.
Turns MakeTurns(std::string_view name, const Target& target, uint64_t variant) {
  if (name == "get") return {Get(target)};
  if (name == "select" || name == "select-literals") return {Select(target, name == "select")};
  if (name == "put") return {Put(target, variant)};
  if (name == "update") return {Update(target)};
  if (name == "query" || name == "query-reverse") return {Query(target, name == "query")};
  if (name == "scan") return {Scan(target)};
  if (name == "batch" || name == "fill") return {BatchWrite(target, variant)};
  if (name == "transact-2") return {TransactPuts(target, variant, 2)};
  if (name == "transact-25") return {TransactPuts(target, variant, kBatch)};
  if (name == "transact-get") return {TransactGets(target, kBatch)};
  if (name == "transact-counter") return {TransactCounter(target)};
  if (name == "create-table") return {CreateTable(target.table, TableFor::kItems)};
  if (name == "create-stream-table") return {CreateTable(target.table, TableFor::kItemsAndStream)};
  if (name == "create-delete") return {CreateTable(target.table, TableFor::kPairs), DeleteNumberedTable(target.table)};
  if (name == "health") return {Health()};
  if (name == "redis-set") return {RedisSet(variant)};
  if (name == "redis-get") return {RedisGet()};
  return {};
}

}  // namespace

std::optional<Workload> MakeWorkload(std::string_view name, const Target& target) {
  Workload work;
  for (uint64_t variant = 0; variant < kVariants; ++variant) {
    work.variants.push_back(MakeTurns(name, target, variant));
  }
  if (work.variants.front().empty()) return std::nullopt;
  if (name.starts_with("redis-")) work.protocol = Protocol::kRedis;
  work.in_order = name == "fill" || name == "create-delete";
  work.range = target.items;
  if (name == "fill") work.multiplier = kBatch;
  if (name == "batch" || name.starts_with("transact-")) {
    // Spread over the whole table: no two of the 25 items are neighbours.
    work.stride = std::max<uint64_t>(1, target.items / kBatch);
    work.range = work.stride;
  }
  return work;
}

std::optional<Workload> ReadWorkload(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  Workload work;
  for (size_t size = 0; in >> size && in.get() == '\n' && size < kMostRequest;) {
    std::string bytes(size, '\0');
    if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
    Template request;
    request.Text(bytes);
    work.variants.push_back({std::move(request)});
  }
  if (!in.eof() || work.variants.empty()) return std::nullopt;
  return work;
}

std::string_view WorkloadNames() {
  return "get select select-literals put update query query-reverse scan batch transact-2 transact-25 transact-get "
         "transact-counter fill "
         "create-table create-stream-table "
         "create-delete health redis-set redis-get";
}

}  // namespace load
