// ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kStatement = String("PartiQLStatement", 1, 8192);
constexpr Shape kParameters = List("PreparedStatementParameters", &kAttributeValue, 1);
constexpr Shape kNextToken = String("PartiQLNextToken", 1, 32768);
constexpr Shape kToken = String("ClientRequestToken", 1, 36);

constexpr ShapeMember kExecuteMembers[] = {
    {"Statement", &kStatement, true},
    {"Parameters", &kParameters},
    {"ConsistentRead", &kFlag},
    {"NextToken", &kNextToken},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"Limit", &kPositiveInteger},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};

constexpr ShapeMember kBatchStatementMembers[] = {
    {"Statement", &kStatement, true},
    {"Parameters", &kParameters},
    {"ConsistentRead", &kFlag},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kBatchStatement = Structure("BatchStatementRequest", kBatchStatementMembers);
constexpr Shape kBatchStatements = List("PartiQLBatchRequest", &kBatchStatement, 1, 25);
constexpr ShapeMember kBatchMembers[] = {
    {"Statements", &kBatchStatements, true},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
};

constexpr ShapeMember kTransactStatementMembers[] = {
    {"Statement", &kStatement, true},
    {"Parameters", &kParameters},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kTransactStatement = Structure("ParameterizedStatement", kTransactStatementMembers);
constexpr Shape kTransactStatements = List("ParameterizedStatements", &kTransactStatement, 1, 100);
constexpr ShapeMember kTransactionMembers[] = {
    {"TransactStatements", &kTransactStatements, true},
    {"ClientRequestToken", &kToken},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
};

}  // namespace

constinit const Shape kExecuteStatementInput = Structure("ExecuteStatementInput", kExecuteMembers);
constinit const Shape kBatchExecuteStatementInput = Structure("BatchExecuteStatementInput", kBatchMembers);
constinit const Shape kExecuteTransactionInput = Structure("ExecuteTransactionInput", kTransactionMembers);

}  // namespace stator::services::dynamodb::model
