// A function in C++: says how many records the event of a stream holds, or greets otherwise.
//
//   cd build/release/functions/hello-cpp && zip function.zip bootstrap
//   aws lambda create-function --function-name hello --runtime provided.al2023 --handler hello
//       --role arn:aws:iam::000000000000:role/hello --zip-file fileb://function.zip
#include <cstdio>
#include <string>

#include "runtime_client/runtime_client.h"

namespace {

// Counts the records without reading them: each begins with its eventID, which nothing else is called in an event of
// a stream.
size_t CountRecords(std::string_view payload) {
  size_t count = 0;
  for (size_t at = 0; (at = payload.find("\"eventID\"", at)) != std::string_view::npos; ++at) ++count;
  return count;
}

runtime_client::Answer Hello(const runtime_client::Event& event) {
  if (event.payload.find("\"Records\"") != std::string_view::npos) {
    return runtime_client::Answer::Of("{\"records\":" + std::to_string(CountRecords(event.payload)) + "}");
  }
  std::printf("an event of %zu bytes\n", event.payload.size());
  return runtime_client::Answer::Of("{\"greeting\":\"Hello from C++\"}");
}

}  // namespace

int main() { return runtime_client::Run(Hello); }
