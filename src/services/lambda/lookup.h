// Finding what a request names, and reading what many requests have.
#pragma once

#include <optional>
#include <string>

#include "functions/name.h"
#include "json/lenient.h"
#include "services/lambda/service.h"

namespace stator::services::lambda {

// Members of a request; the shape has been checked. Absent and null are the same.
Bytes TextOf(json::Value body, Bytes name);  // empty when absent
bool FlagOf(json::Value body, Bytes name);   // false when absent
std::optional<int> NumberOf(json::Value body, Bytes name);

// A function as a request names it: FunctionName, with Qualifier if the request has it.
struct Target {
  functions::Name name;
  functions::EntryRef entry;
  functions::FunctionRef function;  // the version that the qualifier stands for
  // The function's ARN, with the qualifier if there was one.
  std::string arn() const;
};
// ResourceNotFoundException if there is no such function, or no such version or alias.
Result<Target> FindTarget(const Needs& needs, const dispatch::Call& call);
// The same for operations that take no qualifier (InvalidParameterValueException).
Result<Target> FindUnqualified(const Needs& needs, const dispatch::Call& call);

// What the name in the request is; its region must be one whose functions are reachable.
Result<functions::Name> NameOf(const Needs& needs, const dispatch::Call& call);
// "arn:aws:lambda:REGION:ACCOUNT:function:NAME", of the caller's region.
std::string ArnFor(const dispatch::Call& call, Bytes name);
Error NotFound(const dispatch::Call& call, const functions::Name& name);

// Changes what there is of a function; its entry as it is then. ResourceNotFoundException if it is gone by now.
// `needs` and `call` stay until it is done.
Task<Result<functions::EntryRef>> ChangeEntry(const Needs& needs, const dispatch::Call& call, functions::Name name,
                                              functions::Functions::Change change);

// PreconditionFailedException if the request has a RevisionId and it is not `current`. `api`: where to look.
Status CheckRevision(json::Value body, Bytes current, Bytes api = "GetFunction/GetAlias");

// Markers of lists are opaque to clients: the last name of the page, encoded.
std::string MarkerOf(Bytes last);
Result<std::string> ReadMarker(json::Value body);  // empty: from the beginning

}  // namespace stator::services::lambda
