// A Lambda function for the table's stream (NEW_IMAGE), on the provided.* runtimes. TABLE_NAME names the table;
// AWS_ENDPOINT_URL is followed where it is set.
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "batch.h"
#include "client/connect.h"
#include "group_rows.h"
#include "move.h"
#include "rows.h"
#include "runtime_client/runtime_client.h"

namespace stator::messaging_stream {
namespace {

using runtime_client::Answer;

Answer Failure(const Error& error) {
  const client::RemoteError* remote = client::AsRemote(error);
  return Answer::Failed(remote ? remote->name : std::string(NameOf(error.id)), error.text);
}

Answer Handle(GroupRows& rows, const runtime_client::Event& event) {
  const auto messages = NewestMessages(event.payload);
  if (!messages.ok()) return Failure(messages.error());
  int total = 0;
  for (const NewMessage& message : *messages) {
    const auto moved = MoveConversation(rows, message);
    if (!moved.ok()) return Failure(moved.error());
    std::printf("conversation %s: %d rows moved to %s\n", message.group_uuid.c_str(), *moved,
                message.created_at.c_str());
    total += *moved;
  }
  return Answer::Of("{\"rows_moved\": " + std::to_string(total) + "}");
}

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

int Main() {
  client::Wish wish;
  wish.aws = !IsSet("AWS_ENDPOINT_URL") && !IsSet("AWS_ENDPOINT_URL_DYNAMODB");
  auto target = client::Connect(wish, client::RealSurroundings());
  if (!target.ok()) return runtime_client::FailInit("Function.Configuration", target.error().text);
  client::Client client(std::move(target).value());
  const char* table = std::getenv("TABLE_NAME");
  GroupRows rows(client, IsSet("TABLE_NAME") ? table : std::string(messages::kDefaultTable));
  return runtime_client::Run([&rows](const runtime_client::Event& event) { return Handle(rows, event); });
}

}  // namespace
}  // namespace stator::messaging_stream

int main() { return stator::messaging_stream::Main(); }
