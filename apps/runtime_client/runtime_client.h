// A Lambda function in C++: a handler, and the loop that fetches events for it from the Runtime API.
//
//   int main() {
//     return runtime_client::Run([](const runtime_client::Event& event) {
//       return runtime_client::Answer::Of("{\"read\":" + std::to_string(event.payload.size()) + "}");
//     });
//   }
//
// Needs POSIX sockets and nothing else, so that the program, linked statically, runs on provided.* anywhere. One
// connection, kept open; an event's head and body are answered in one write each. Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace runtime_client {

// Valid until the handler returns.
struct Event {
  std::string_view payload;  // JSON
  std::string_view request_id;
  std::string_view function_arn;    // as invoked, with the qualifier
  std::string_view client_context;  // JSON; mostly empty
  std::string_view trace_id;
  int64_t deadline_ms = 0;  // since the epoch

  // Milliseconds until the function is stopped.
  int64_t RemainingMs() const;
};

struct Answer {
  bool ok = true;
  std::string json;  // the result; null when empty
  std::string error_type;
  std::string error_message;

  static Answer Of(std::string json) { return {true, std::move(json), {}, {}}; }
  static Answer Failed(std::string type, std::string message) {
    return {false, {}, std::move(type), std::move(message)};
  }
};

using Handler = std::function<Answer(const Event&)>;

// Serves events until the Runtime API goes away; gives main's exit code. Exceptions from the handler are failed
// answers.
int Run(const Handler& handler);

// Reports that the program cannot begin; gives main's exit code.
int FailInit(std::string_view type, std::string_view message);

// `text` as a JSON string, quotes included.
std::string Quoted(std::string_view text);

}  // namespace runtime_client
