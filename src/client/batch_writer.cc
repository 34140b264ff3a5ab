#include "client/batch_writer.h"

#include "client/json_text.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::client {
namespace {

constexpr size_t kBatchItems = 25;       // the limit of BatchWriteItem
constexpr size_t kBatchBytes = 1 << 20;  // well below its 16 MB: large items make small batches
constexpr size_t kQueuedPerThread = 2;
constexpr int kIdleRounds = 10;  // in which nothing at all was taken

// {"RequestItems": {TABLE: REQUESTS}}
std::string Body(const std::string& table, Bytes requests) {
  std::string body;
  json::Writer writer(&body);
  writer.BeginObject().Key("RequestItems").BeginObject().Key(table).Raw(requests).EndObject().EndObject();
  return body;
}

struct Rest {
  std::string requests;  // the JSON array to send again
  size_t count = 0;
};

Result<Rest> Unprocessed(const std::string& answer, const std::string& table) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value tables = root.is_object() ? root.Find("UnprocessedItems") : json::Value();
  if (!tables.valid() || !tables.is_object()) return Rest{};
  const json::Value requests = tables.Find(table);
  if (!requests.valid() || !requests.is_array() || requests.size() == 0) return Rest{};
  return Rest{JsonText(requests), requests.size()};
}

}  // namespace

BatchWriter::BatchWriter(Options options) : options_(std::move(options)) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

BatchWriter::~BatchWriter() { Stop(); }

void BatchWriter::Stop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Status BatchWriter::Put(NumberedItem item) {
  if (!open_.items.empty() && (open_.items.size() == kBatchItems || open_.bytes + item.json.size() > kBatchBytes)) {
    STATOR_OK(Submit());
  }
  open_.bytes += item.json.size();
  open_.items.push_back(std::move(item));
  return {};
}

Status BatchWriter::Submit() {
  Batch batch = std::exchange(open_, Batch{});
  batch.sequence = next_sequence_++;
  std::unique_lock lock(mutex_);
  unfinished_[batch.sequence] = batch.items.front().number;
  changed_.wait(lock, [&] { return failure_ || queue_.size() < kQueuedPerThread * threads_.size(); });
  if (failure_) return *failure_;
  queue_.push_back(std::move(batch));
  lock.unlock();
  changed_.notify_all();
  return {};
}

Status BatchWriter::Finish() {
  if (!open_.items.empty()) STATOR_OK(Submit());
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || unfinished_.empty(); });
  }
  Stop();
  if (failure_) return *failure_;
  return {};
}

uint64_t BatchWriter::written() const {
  const std::lock_guard lock(mutex_);
  return written_;
}

std::optional<uint64_t> BatchWriter::first_unwritten() const {
  const std::lock_guard lock(mutex_);
  if (unfinished_.empty()) return std::nullopt;
  return unfinished_.begin()->second;
}

std::optional<BatchWriter::Batch> BatchWriter::Take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || failure_ || !queue_.empty(); });
  if (failure_ || queue_.empty()) return std::nullopt;
  Batch batch = std::move(queue_.front());
  queue_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return batch;
}

void BatchWriter::Work() {
  const std::unique_ptr<Client> client = options_.connect();
  while (const std::optional<Batch> batch = Take()) Done(*batch, Write(*client, *batch));
}

void BatchWriter::Done(const Batch& batch, Status status) {
  const std::lock_guard lock(mutex_);
  if (status.ok()) {
    unfinished_.erase(batch.sequence);
    written_ += batch.items.size();
    if (options_.on_written) options_.on_written(written_);
  } else if (!failure_) {
    failure_ = std::move(status).error();
  }
  changed_.notify_all();
}

Status BatchWriter::Write(Client& client, const Batch& batch) {
  std::string requests = "[";
  for (const NumberedItem& item : batch.items) {
    if (requests.size() > 1) requests.push_back(',');
    requests.append(R"({"PutRequest":{"Item":)").append(item.json).append("}}");
  }
  requests.push_back(']');

  Rest rest{std::move(requests), batch.items.size()};
  for (int idle = 0; rest.count > 0;) {
    const auto answer = client.Call("BatchWriteItem", Body(options_.table, rest.requests));
    if (!answer.ok()) {
      if (IsRemote(answer.error(), "ValidationException")) return WriteSingly(client, batch);
      return answer.error();
    }
    const size_t before = rest.count;
    STATOR_TRY(rest, Unprocessed(*answer, options_.table));
    if (rest.count == 0) break;
    idle = rest.count < before ? 0 : idle + 1;
    if (idle == kIdleRounds) return Fail(errors::kUnprocessed, options_.table, rest.count, kIdleRounds);
    client.Pause(client.PauseAfter(idle));
  }
  return {};
}

// One bad item fails its whole batch, and so do two with the same key; one by one the error names the item, and the
// last of the same key wins.
Status BatchWriter::WriteSingly(Client& client, const Batch& batch) {
  for (const NumberedItem& item : batch.items) {
    std::string body;
    json::Writer(&body).BeginObject().Key("TableName").String(options_.table).Key("Item").Raw(item.json).EndObject();
    auto answer = client.Call("PutItem", body);
    if (answer.ok()) continue;
    Error error = std::move(answer).error();
    error.text = options_.number_word + " " + std::to_string(item.number) + ": " + error.text;
    return error;
  }
  return {};
}

}  // namespace stator::client
