// TransactWriteItems and TransactGetItems as typed calls: all or nothing, and the items of one state.
//
// What is wrong with the request itself is an error of its own; what only the tables and items can tell cancels the
// transaction (kTransactionCancelled with table::Cancelled), a reason for each action in request order. Which is which:
// notes/dynamodb.md, section 4, "Transactions". A request is borrowed until its task is done. Threads: call on `lane`,
// which is where the task finishes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/task.h"
#include "dataplane/capacity.h"
#include "dataplane/write.h"
#include "errors/result.h"
#include "table/mutate.h"
#include "table/tokens.h"

namespace stator::dataplane {

// Changes nothing; its condition must hold.
struct CheckRequest : WriteRequest {
  std::string key;  // the Key member, stored form
};

// ReturnValues of the parts is not looked at: transactions return none.
using TransactAction = std::variant<PutRequest, UpdateRequest, DeleteRequest, CheckRequest>;

const WriteRequest& WriteOf(const TransactAction& action);
// The item of a Put, else the Key; stored form.
const std::string& ItemOrKey(const TransactAction& action);

struct TransactWriteRequest {
  std::vector<TransactAction> actions;  // with their tables
  std::string token;                    // ClientRequestToken; empty: none
  table::RequestContent content{};      // what the token stands for
  // Actions that could not be made, each with its reason; what stands in their places in `actions` is not looked at.
  // Empty: all could be.
  table::Reasons unmade;
};

struct TransactWriteResult {
  bool replayed = false;           // done before, by this token
  std::vector<Capacity> capacity;  // of each action; of a replay, what reading the same images costs
};

Task<Result<TransactWriteResult>> TransactWrite(table::Mutator& mutator, table::Tokens& tokens,
                                                const TransactWriteRequest& request, Time now, Lane& lane);

// What can be said of the actions before their tables are known: kTransactionTooLarge.
Status CheckTransactSize(const std::vector<TransactAction>& actions);

struct TransactGetRequest {
  catalog::TableRef table;
  std::string key;                  // the Key member, stored form
  std::vector<std::string> nested;  // for CheckPaths
};

struct TransactGetResult {
  table::Found found;
  Capacity capacity;
};

Task<Result<std::vector<TransactGetResult>>> TransactGet(table::Mutator& mutator,
                                                         const std::vector<TransactGetRequest>& requests, Lane& lane);

}  // namespace stator::dataplane
