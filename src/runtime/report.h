// The platform's own lines in a function's log. notes/lambda.md, section 5.1, has their exact form.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "functions/function.h"

namespace stator::runtime {

// How an invocation, or an init, ended.
struct Ending {
  enum class Kind : uint8_t { kFine, kError, kTimeout } kind = Kind::kFine;
  std::string error_type;  // kError; empty: the handler's own, of which the report says nothing
};

struct ReportFacts {
  double duration_ms = 0;
  std::optional<double> init_ms;  // of a cold start
  int64_t max_memory = 0;         // bytes
  Ending ending;
};

std::string InitStartLine(const functions::Function& function);
std::string StartLine(const std::string& request_id, const functions::Function& function);
std::string EndLine(const std::string& request_id);
std::string ReportLine(const std::string& request_id, const functions::Function& function, const ReportFacts& facts);
// `phase`: "init" or "invoke".
std::string InitReportLine(double init_ms, const char* phase, const Ending& ending);
std::string TimeoutLine(Time at, const std::string& request_id, int seconds);

// The payload of an invocation that its handler did not answer: {"errorType":...,"errorMessage":...}.
std::string ErrorPayload(Bytes type, Bytes message);
// "RequestId: <id> Error: <what>"
std::string RequestError(const std::string& request_id, Bytes what);
// What the Runtime API makes of a type that a runtime reports.
std::string NormalizedType(Bytes type);

// "2026/11/20/[$LATEST]<32 hex>"
std::string NewLogStreamName(Time at, const std::string& version);
// arn:aws:lambda:REGION::runtime:<64 hex>, the same for a runtime every time.
std::string RuntimeVersionArn(const std::string& region, const std::string& runtime);

}  // namespace stator::runtime
