// Sources: notes/dynamodb.md, section 4, "Errors"; notes/lambda.md, section 1.5.
#include "dispatch/error_reply.h"

#include "dispatch/query.h"
#include "json/writer.h"

namespace stator::dispatch {
namespace {

constexpr char kRestJson[] = "application/json";

Bytes Prefix(ErrorFamily family) {
  switch (family) {
    case ErrorFamily::kValidate:
      return "com.amazon.coral.validate#";
    case ErrorFamily::kService:
      return "com.amazon.coral.service#";
    case ErrorFamily::kDynamoDb:
      return "com.amazonaws.dynamodb.v20120810#";
    case ErrorFamily::kCloudWatch:
      return "com.amazonaws.cloudwatch.v2010_08_01#";
    case ErrorFamily::kLambda:
    case ErrorFamily::kLogs:
    case ErrorFamily::kScaling:
    case ErrorFamily::kCognito:
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
    case ErrorType::LambdaResourceNotFound:
    case ErrorType::LambdaResourceInUse:
    case ErrorType::LambdaService:
    case ErrorType::UnknownOperationException:
      return "Message";
    default:
      return "message";
  }
}

bool IsCognito(const Operation* operation) {
  return operation && FactsOf(operation->invalid).family == ErrorFamily::kCognito;
}

// Of an operation whose own errors are another service's: what its service calls this one.
ErrorType TypeFor(const Error& error, const Operation* operation) {
  const ErrorType type = error.type();
  if (type == ErrorType::ValidationException && operation) return operation->invalid;
  if (FactsOf(type).http_status >= 500 && IsCognito(operation)) return ErrorType::CognitoInternalError;
  return type;
}

// A text as it may stand in a header.
std::string HeaderText(Bytes text) {
  std::string out;
  for (const char c : text) out.push_back(c >= ' ' && c <= '~' ? c : '?');
  return out;
}

http::Reply JsonErrorReply(const Error& error, Protocol protocol, const Operation* operation) {
  const ErrorType type = TypeFor(error, operation);
  const ErrorTypeFacts& facts = FactsOf(type);
  http::Reply reply;
  reply.status = facts.http_status;
  json::Writer out(&reply.body);
  out.BeginObject().Key("__type");
  const Bytes prefix = protocol == Protocol::kJson11 ? Bytes() : Prefix(facts.family);
  out.String(std::string(prefix).append(facts.name));
  if (!error.text.empty()) out.Key(TextMember(type)).String(error.text);
  if (error.detail && operation && operation->write_detail) operation->write_detail(*error.detail, out);
  out.EndObject();
  if (IsCognito(operation)) {
    reply.headers.emplace_back("x-amzn-ErrorType", std::string(facts.name) + ":");
    reply.headers.emplace_back("x-amzn-ErrorMessage", HeaderText(error.text));
  }
  // Clients that knew the Query protocol's names for errors are told them.
  if (protocol == Protocol::kQuery) {
    const Bytes whose = reply.status >= 500 ? "Receiver" : "Sender";
    reply.headers.emplace_back("x-amzn-query-error", QueryCode(facts.name).append(";").append(whose));
  }
  return reply;
}

// Errors of the framework in front of the service, which does not say whose fault they are.
bool SaysWhose(ErrorType type) {
  return type != ErrorType::ValidationException && type != ErrorType::LambdaRequestTooLarge;
}

http::Reply RestErrorReply(const Error& error, const Operation* operation) {
  ErrorType type = error.type();
  if (FactsOf(type).http_status >= 500) type = ErrorType::LambdaService;  // what other services call their own
  const ErrorTypeFacts& facts = FactsOf(type);
  http::Reply reply;
  reply.status = type == ErrorType::UnknownOperationException ? 404 : facts.http_status;
  reply.content_type = kRestJson;
  reply.headers.emplace_back("x-amzn-ErrorType", std::string(facts.name));
  json::Writer out(&reply.body);
  out.BeginObject();
  if (error.detail && operation && operation->write_detail) operation->write_detail(*error.detail, out);
  if (SaysWhose(type)) out.Key("Type").String(reply.status >= 500 ? "Service" : "User");
  out.Key(TextMember(type)).String(error.text).EndObject();
  return reply;
}

http::Reply Make(const Error& error, Protocol protocol, const Operation* operation) {
  return protocol == Protocol::kRest ? RestErrorReply(error, operation) : JsonErrorReply(error, protocol, operation);
}

}  // namespace

http::Reply ErrorReply(const Error& error, const Operation* operation) {
  return Make(error, operation ? operation->protocol : Protocol::kJson10, operation);
}
http::Reply ErrorReply(const Error& error, Protocol protocol) { return Make(error, protocol, nullptr); }

}  // namespace stator::dispatch
