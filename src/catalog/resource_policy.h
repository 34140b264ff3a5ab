// Resource-based policies of a table and its streams. They are kept with the table, and go with it; nothing is allowed
// or refused because of them yet.
#pragma once

#include <functional>

#include "catalog/schema.h"
#include "errors/result.h"

namespace stator::catalog {

inline constexpr size_t kMaxPolicyBytes = size_t{20} * 1024;  // spaces included
// An expected revision that no policy has.
inline constexpr Bytes kNoPolicy = "NO_POLICY";

// Whether it is a policy document: JSON, within the limit, of the elements there are (notes/iam.md, section 4), each
// statement with an effect, actions, resources and principals. ValidationException.
Status CheckPolicy(Bytes text);

// The policy of the table (`stream` is empty) or of its stream of that label; null if there is none.
const ResourcePolicy* FindPolicy(const TableSchema& table, Bytes stream);

// Which policy a request means: of what, as the client named it, and the revision it expects to find, if any.
struct PolicyTarget {
  std::string stream;  // label; empty: the table's
  std::string arn;
  std::string expected;
};

// The table with that policy, which keeps its revision if its text is the same. PolicyNotFoundException if what there
// is has not the expected revision. REQUIRES: CheckPolicy(text).
Result<TableSchema> WithPolicy(const TableSchema& table, const PolicyTarget& target, Bytes text, Time now);
// The table without it. That there is none is no error unless a revision is expected.
Result<TableSchema> WithoutPolicy(const TableSchema& table, const PolicyTarget& target);

// Takes from the table the policies of streams that are gone, by their labels: a table may have any number of streams,
// one after the other.
void ForgetPolicies(TableSchema* table, const std::function<bool(Bytes label)>& is_gone);

}  // namespace stator::catalog
