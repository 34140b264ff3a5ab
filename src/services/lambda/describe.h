// A version of a function as the API shows it: notes/lambda.md, section 1.3.
#pragma once

#include <string>

#include "base/clock.h"
#include "functions/entry.h"
#include "json/writer.h"

namespace stator::services::lambda {

struct Showing {
  std::string arn;       // with the qualifier the caller used
  bool states = true;    // lists leave them out, and the runtime's version
  bool changed = false;  // the answer to a change, which shows it under way
};
void WriteConfiguration(const functions::Function& function, const Showing& showing, Time now, json::Writer& out);
std::string Configuration(const functions::Function& function, const Showing& showing, Time now);

// Whether a change is still under way: with --state-delay only.
bool IsChanging(const functions::Function& function, Time now);
// The RevisionId that the API shows at `now`.
const std::string& RevisionAt(const functions::Function& function, Time now);

// "2024-01-02T03:04:05.678+0000"
std::string LambdaTime(Time time);

}  // namespace stator::services::lambda
