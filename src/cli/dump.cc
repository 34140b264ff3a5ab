// docs/formats/dump.md describes what is written.
#include "cli/dump.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/table_line.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/tables.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

struct Plan {
  std::string name;
  std::string line;
  uint64_t expected = 0;  // items, by the description; AWS counts every six hours
};

// The answer; "" from a service that does not know the operation, or that has none of what is asked for.
Result<std::string> IfKnown(client::Client& client, Bytes operation, const std::string& body, Bytes absent = {}) {
  auto answer = client.Call(operation, body);
  if (answer.ok()) return answer;
  const bool unknown = client::IsRemote(answer.error(), "UnknownOperationException");
  if (unknown || (!absent.empty() && client::IsRemote(answer.error(), absent))) return std::string();
  return answer;
}

std::string Naming(Bytes member, Bytes value) {
  std::string body;
  json::Writer(&body).BeginObject().Key(member).String(value).EndObject();
  return body;
}

Result<std::vector<std::string>> AskTags(client::Client& client, Bytes arn) {
  std::vector<std::string> pages;
  std::string body = Naming("ResourceArn", arn);
  while (!body.empty()) {
    STATOR_TRY(std::string page, IfKnown(client, "ListTagsOfResource", body));
    body.clear();
    if (page.empty()) break;
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(page));
    const Bytes next = root.is_object() ? client::TextOf(root, "NextToken") : Bytes();
    if (!next.empty()) {
      json::Writer(&body).BeginObject().Key("ResourceArn").String(arn).Key("NextToken").String(next).EndObject();
    }
    pages.push_back(std::move(page));
  }
  return pages;
}

Result<TableAnswers::Policy> AskPolicy(client::Client& client, Bytes arn) {
  TableAnswers::Policy policy{std::string(arn), ""};
  STATOR_TRY(policy.answer,
             IfKnown(client, "GetResourcePolicy", Naming("ResourceArn", arn), "PolicyNotFoundException"));
  return policy;
}

Result<Plan> Look(client::Client& client, const std::string& name) {
  const auto description = client::DescribeTable(client, name);
  if (!description.ok() && client::IsRemote(description.error(), "ResourceNotFoundException")) {
    return Fail(errors::kNoSuchTable, name, client.target().endpoint.url);
  }
  if (!description.ok()) return description.error();
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(*description));
  const json::Value table = root.is_object() ? root.Find("Table") : json::Value();
  if (!table.valid() || !table.is_object()) return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200);
  Plan plan{name, "", 0};
  const json::Value count = table.Find("ItemCount");
  if (count.valid() && count.kind() == json::Kind::kInteger) plan.expected = static_cast<uint64_t>(count.integer());
  TableAnswers answers;
  answers.description = *description;
  const Bytes arn = client::TextOf(table, "TableArn");
  STATOR_TRY(answers.tags, AskTags(client, arn));
  STATOR_TRY(answers.time_to_live, IfKnown(client, "DescribeTimeToLive", Naming("TableName", name)));
  STATOR_TRY(answers.policies.emplace_back(), AskPolicy(client, arn));
  const json::Value stream = table.Find("StreamSpecification");
  if (stream.valid() && !stream.is_null()) {
    STATOR_TRY(answers.policies.emplace_back(), AskPolicy(client, client::TextOf(table, "LatestStreamArn")));
  }
  STATOR_TRY(plan.line, TableLine(answers));
  return plan;
}

// The segments of one table, each scanned to its end by a thread of its own.
class TableDump {
 public:
  TableDump(const DumpOptions& options, std::string table, const std::function<Status(Bytes)>& write,
            client::Progress* progress, uint64_t before)
      : options_(options), table_(std::move(table)), write_(write), progress_(*progress), before_(before) {}

  Result<uint64_t> Run() {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(options_.segments));
    for (int segment = 0; segment < options_.segments; ++segment) {
      threads.emplace_back([this, segment] { Finish(Scan(segment)); });
    }
    for (std::thread& thread : threads) thread.join();
    if (failure_) return std::move(*failure_);
    return items_;
  }

 private:
  void Finish(Status status) {
    if (status.ok()) return;
    const std::lock_guard lock(mutex_);
    stop_ = true;
    if (!failure_) failure_ = std::move(status).error();
  }

  std::string Body(int segment, const std::string& start) const {
    std::string body;
    json::Writer writer(&body);
    writer.BeginObject().Key("TableName").String(table_);
    writer.Key("TotalSegments").Int(options_.segments).Key("Segment").Int(segment);
    writer.Key("ConsistentRead").Bool(true);
    if (!start.empty()) writer.Key("ExclusiveStartKey").Raw(start);
    writer.EndObject();
    return body;
  }

  Status Scan(int segment) {
    const std::unique_ptr<client::Client> client = options_.connect();
    std::string start;
    do {
      auto answer = client->Call("Scan", Body(segment, start));
      if (!answer.ok()) return std::move(answer).error();
      json::Document document;
      auto root = document.Parse(*answer);
      if (!root.ok()) return std::move(root).error();
      const json::Value items = root->is_object() ? root->Find("Items") : json::Value();
      if (!items.valid() || !items.is_array()) return Fail(errors::kNotDynamoDb, client->target().endpoint.url, 200);
      STATOR_OK(Write(items));
      const json::Value next = root->Find("LastEvaluatedKey");
      start = next.valid() && next.is_object() ? client::JsonText(next) : "";
    } while (!start.empty() && !stop_);
    return {};
  }

  Status Write(const json::Value& items) {
    std::string lines;
    for (const json::Value item : items.elements()) {
      lines.append("{\"Item\":");
      client::AppendJson(&lines, item);
      lines.append("}\n");
    }
    const std::lock_guard lock(mutex_);
    if (!lines.empty()) STATOR_OK(write_(lines));
    items_ += items.size();
    progress_.Update(before_ + items_);
    return {};
  }

  const DumpOptions& options_;
  const std::string table_;
  const std::function<Status(Bytes)>& write_;
  client::Progress& progress_;
  const uint64_t before_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::optional<Error> failure_;
  uint64_t items_ = 0;
};

}  // namespace

Result<std::vector<DumpedTable>> Dump(const DumpOptions& options, const std::function<Status(Bytes lines)>& write) {
  const std::unique_ptr<client::Client> client = options.connect();
  std::vector<std::string> names = options.tables;
  if (names.empty()) {
    STATOR_TRY(names, client::ListTables(*client));
  }
  std::vector<Plan> plans;
  uint64_t expected = 0;
  for (const std::string& name : names) {
    STATOR_TRY(Plan plan, Look(*client, name));
    expected += plan.expected;
    plans.push_back(std::move(plan));
  }
  client::Progress progress("dump", "items", expected, options.quiet);
  std::vector<DumpedTable> dumped;
  uint64_t before = 0;
  for (const Plan& plan : plans) {
    STATOR_OK(write(plan.line + "\n"));
    STATOR_TRY(const uint64_t items, TableDump(options, plan.name, write, &progress, before).Run());
    before += items;
    dumped.push_back({plan.name, items});
  }
  return dumped;
}

}  // namespace stator::cli
