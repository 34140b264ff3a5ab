// Source: notes/dynamodb.md, section 4, "Errors".
#include "dispatch/error_reply.h"

#include "json/writer.h"

namespace stator::dispatch {
namespace {

Bytes Prefix(ErrorFamily family) {
  switch (family) {
    case ErrorFamily::kValidate:
      return "com.amazon.coral.validate#";
    case ErrorFamily::kService:
      return "com.amazon.coral.service#";
    case ErrorFamily::kDynamoDb:
      return "com.amazonaws.dynamodb.v20120810#";
    case ErrorFamily::kLambda:
    case ErrorFamily::kLogs:
      return {};
  }
  return {};
}

// The member that carries the text: the model spells it with a capital in these.
Bytes TextMember(ErrorType type) {
  switch (type) {
    case ErrorType::SerializationException:
    case ErrorType::TransactionCanceledException:
    case ErrorType::TransactionInProgressException:
    case ErrorType::IdempotentParameterMismatchException:
      return "Message";
    default:
      return "message";
  }
}

}  // namespace

http::Reply ErrorReply(const Error& error, const Operation* operation) {
  const ErrorTypeFacts& facts = FactsOf(error.type());
  http::Reply reply;
  reply.status = facts.http_status;
  json::Writer out(&reply.body);
  out.BeginObject().Key("__type");
  out.String(std::string(Prefix(facts.family)).append(facts.name));
  if (!error.text.empty()) out.Key(TextMember(error.type())).String(error.text);
  if (error.detail && operation && operation->write_detail) operation->write_detail(*error.detail, out);
  out.EndObject();
  return reply;
}

}  // namespace stator::dispatch
