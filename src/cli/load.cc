#include "cli/load.h"

#include <algorithm>
#include <optional>

#include "cli/table_line.h"
#include "client/batch_writer.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/tables.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

class Loader {
 public:
  explicit Loader(const LoadOptions& options)
      : options_(options), client_(options.connect()), progress_("load", "bytes", options.total_bytes, options.quiet) {}

  // A line that means nothing ends the load, but not before everything above it is in its table.
  Status Line(const std::string& line) {
    Status status = Read(line);
    if (status.ok() || status.error().id != errors::kBadLine) return status;
    STATOR_OK(Finish());
    return Stopped(status.error());
  }

  Status Finish() {
    if (!writer_) return {};
    const Status status = writer_->Finish();
    loaded_.back().items = writer_->written();
    if (!status.ok()) return Stopped(status.error());
    writer_.reset();
    return {};
  }

  std::vector<LoadedTable> loaded() && { return std::move(loaded_); }

 private:
  Status Read(const std::string& line) {
    ++number_;
    bytes_ += line.size() + 1;
    progress_.Update(bytes_);
    if (line.find_first_not_of(" \t\r") == std::string::npos) return {};
    const auto root = document_.Parse(line);
    if (!root.ok() || !root->is_object()) return Bad("is not a JSON object");
    const json::Value table = root->Find("Table");
    const json::Value item = root->Find("Item");
    if (table.valid() && table.is_object()) return Table(table, *root);
    if (item.valid() && item.is_object()) return Item(item);
    return Bad("holds neither a Table nor an Item");
  }

  Error Bad(const std::string& what) const { return Fail(errors::kBadLine, number_, what); }

  // What to do next, after what went wrong.
  Error Stopped(const Error& error) const {
    const uint64_t resume = writer_ ? writer_->first_unwritten().value_or(number_) : number_;
    return Fail(errors::kLoadStopped, error.text, resume, resume);
  }

  bool Wanted(Bytes name) const {
    return options_.tables.empty() ||
           std::find(options_.tables.begin(), options_.tables.end(), name) != options_.tables.end();
  }

  Status Table(const json::Value& table, const json::Value& line) {
    const std::string named(client::TextOf(table, "TableName"));
    if (named.empty()) return Bad("describes a table without a name");
    STATOR_OK(Finish());
    skipping_ = !Wanted(named);
    if (skipping_) return {};
    if (!options_.into.empty() && !loaded_.empty()) return Bad("begins a second table, but --into names only one");
    const std::string name = options_.into.empty() ? named : options_.into;
    const auto created = Create(table, name);
    if (!created.ok()) return Stopped(created.error());
    Begin(name, !created->empty());
    if (created->empty()) return {};
    STATOR_OK(SetTimeToLive(name, line.Find("TimeToLive")));
    return SetPolicies(*created, line.Find("ResourcePolicies"));
  }

  // The description of the table if it had to be created, or "".
  Result<std::string> Create(const json::Value& table, const std::string& name) {
    std::string request;
    json::Writer writer(&request);
    writer.BeginObject().Key("TableName").String(name);
    for (const json::Member member : table.members()) {
      if (member.name != "TableName") writer.Key(member.name).Raw(client::JsonText(member.value));
    }
    writer.EndObject();
    auto made = client::CreateTable(*client_, name, request);
    if (!made.ok() && client::IsRemote(made.error(), "ResourceInUseException")) return std::string();
    return made;
  }

  // A service without expiry keeps the items; that is no reason to refuse them.
  Status SetTimeToLive(const std::string& name, const json::Value& specification) {
    if (!specification.valid() || !specification.is_object()) return {};
    std::string request;
    json::Writer writer(&request);
    writer.BeginObject().Key("TableName").String(name);
    writer.Key("TimeToLiveSpecification").Raw(client::JsonText(specification)).EndObject();
    const auto answer = client_->Call("UpdateTimeToLive", request);
    if (answer.ok() || client::IsRemote(answer.error(), "UnknownOperationException")) return {};
    return Stopped(answer.error());
  }

  // Each is of the table or of its stream, whose ARNs are others now: in the policy as well.
  Status SetPolicies(const std::string& description, const json::Value& policies) {
    if (!policies.valid() || !policies.is_array() || policies.size() == 0) return {};
    json::Document document;
    const auto root = document.Parse(description);
    const json::Value table = root.ok() && root->is_object() ? root->Find("Table") : json::Value();
    if (!table.valid() || !table.is_object()) return Bad("makes a table that has no description");
    for (const json::Value policy : policies.elements()) {
      if (!policy.is_object()) return Bad("holds a policy that is not a JSON object");
      STATOR_OK(SetPolicy(table, client::TextOf(policy, "ResourceArn"), client::TextOf(policy, "Policy")));
    }
    return {};
  }

  Status SetPolicy(const json::Value& table, Bytes of, Bytes text) {
    const size_t stream = of.find("/stream/");
    const Bytes arn = client::TextOf(table, stream == Bytes::npos ? "TableArn" : "LatestStreamArn");
    if (of.empty() || arn.empty()) return Bad("holds a policy of something that the table has not");
    const std::string stream_text = stream == Bytes::npos ? std::string(text) : WithArn(text, of, arn);
    const std::string moved = WithArn(stream_text, of.substr(0, stream), client::TextOf(table, "TableArn"));
    std::string request;
    json::Writer(&request).BeginObject().Key("ResourceArn").String(arn).Key("Policy").String(moved).EndObject();
    const auto answer = client_->Call("PutResourcePolicy", request);
    if (answer.ok() || client::IsRemote(answer.error(), "UnknownOperationException")) return {};
    return Stopped(answer.error());
  }

  void Begin(const std::string& name, bool created) {
    loaded_.push_back({name, created, 0});
    client::BatchWriter::Options options;
    options.table = name;
    options.threads = options_.threads;
    options.connect = options_.connect;
    options.number_word = "line";
    writer_ = std::make_unique<client::BatchWriter>(std::move(options));
  }

  Status Item(const json::Value& item) {
    if (skipping_ || number_ < options_.from_line) return {};
    if (!writer_) {
      if (options_.into.empty()) return Bad("is an item of no table; name one with --into");
      Begin(options_.into, false);
    }
    const Status status = writer_->Put({number_, client::JsonText(item)});
    if (!status.ok()) return Stopped(status.error());
    return {};
  }

  const LoadOptions& options_;
  const std::unique_ptr<client::Client> client_;
  client::Progress progress_;
  json::Document document_;
  std::unique_ptr<client::BatchWriter> writer_;
  std::vector<LoadedTable> loaded_;
  uint64_t number_ = 0;
  uint64_t bytes_ = 0;
  bool skipping_ = false;
};

}  // namespace

Result<std::vector<LoadedTable>> Load(const LoadOptions& options, const NextLine& next) {
  Loader loader(options);
  std::string line;
  for (;;) {
    STATOR_TRY(const bool more, next(&line));
    if (!more) break;
    STATOR_OK(loader.Line(line));
  }
  STATOR_OK(loader.Finish());
  return std::move(loader).loaded();
}

}  // namespace stator::cli
