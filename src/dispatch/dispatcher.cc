#include "dispatch/dispatcher.h"

#include <algorithm>

#include "base/random.h"
#include "dispatch/error_reply.h"
#include "dispatch/query.h"
#include "dispatch/request_id.h"
#include "dispatch/rest.h"
#include "errors/common.h"
#include "errors/dispatch.h"

namespace stator::dispatch {
namespace {

constexpr Bytes kAmzJson = "application/x-amz-json-1.0";
constexpr Bytes kAmzJson11 = "application/x-amz-json-1.1";
constexpr Bytes kPlainJson = "application/json";
constexpr char kRequestId[] = "x-amzn-RequestId";
constexpr Bytes kPages = "/_stator/";

// The part of "Credential=AKID/20261120/eu-west-1/dynamodb/aws4_request" at that place; empty if there is none.
Bytes ScopePart(Bytes authorization, int place) {
  const size_t at = authorization.find("Credential=");
  if (at == Bytes::npos) return {};
  Bytes scope = authorization.substr(at + 11);
  const auto end = std::find_if(scope.begin(), scope.end(), [](char c) { return c == ',' || c == ' '; });
  scope = scope.substr(0, static_cast<size_t>(end - scope.begin()));
  for (; place > 0; --place) {
    const size_t slash = scope.find('/');
    if (slash == Bytes::npos) return {};
    scope.remove_prefix(slash + 1);
  }
  return scope.substr(0, scope.find('/'));
}

Principal PrincipalOf(const http::RequestHead& head, const DispatchOptions& options) {
  Principal principal{{}, options.region, options.account};
  const Bytes authorization = head.Find("authorization");
  if (authorization.empty()) return principal;
  principal.access_key_id = ScopePart(authorization, 0);
  if (const Bytes region = ScopePart(authorization, 2); !region.empty()) principal.region = region;
  return principal;
}

Bytes WithoutParameters(Bytes content_type) { return content_type.substr(0, content_type.find(';')); }

// DynamoDB and its streams name their type, and only where there is no body they need not. To the other services a
// client that names none means JSON.
bool IsJson(Bytes content_type, const RegisteredOperation* operation, bool empty) {
  const Bytes type = WithoutParameters(content_type);
  if (type == kAmzJson || type == kPlainJson) return true;
  const bool theirs = operation && operation->operation.protocol != Protocol::kJson10;
  return type.empty() ? theirs || empty : type == kAmzJson11 && (theirs || !operation);
}

bool IsForm(Bytes content_type) { return WithoutParameters(content_type) == "application/x-www-form-urlencoded"; }

http::Reply Plain(int status, std::string text) {
  http::Reply reply;
  reply.status = status;
  reply.content_type = "text/plain";
  reply.body = std::move(text);
  return reply;
}

// What the service answers outside of its protocol has the checksum, too.
http::Reply PlainSummed(int status, std::string text) {
  http::Reply reply = Plain(status, std::move(text));
  reply.crc32 = true;
  return reply;
}

bool HasRequestId(const http::Reply& reply) {
  return std::any_of(reply.headers.begin(), reply.headers.end(),
                     [](const auto& header) { return header.first == kRequestId; });
}

// "/2015-03-31/...": the REST APIs begin their paths so.
bool IsVersioned(Bytes path) {
  return path.size() > 12 && path.starts_with("/20") && path[5] == '-' && path[8] == '-' && path[11] == '/';
}

// AWS's answer to what is not a call of its JSON protocol.
http::Reply NotAnApi() { return PlainSummed(404, "<UnknownOperationException/>\n"); }

// DynamoDB's operations by their names; the others may share one and carry their service's.
std::string LabelOf(const Operation& operation) {
  std::string label;
  if (operation.protocol != Protocol::kJson10) {
    label.append(operation.target_prefix.substr(0, operation.target_prefix.find('_'))).push_back('.');
  }
  return label.append(operation.name);
}

void CountReply(OperationCounters& counters, int status, MonotonicTime began) {
  counters.calls.fetch_add(1, std::memory_order_relaxed);
  if (status >= 500) counters.server_errors.fetch_add(1, std::memory_order_relaxed);
  if (status >= 400 && status < 500) counters.client_errors.fetch_add(1, std::memory_order_relaxed);
  const auto spent = std::chrono::duration_cast<Duration>(MonotonicNow() - began);
  counters.micros.fetch_add(static_cast<uint64_t>(spent.count()), std::memory_order_relaxed);
}

// A parsed request lives as long as its operation, which may outlast the arrival of the next request on the lane. Each
// lane keeps the documents it is not using.
class BorrowedDocument {
 public:
  BorrowedDocument() {
    if (Free().empty()) {
      document_ = std::make_unique<json::Document>();
    } else {
      document_ = std::move(Free().back());
      Free().pop_back();
    }
  }
  ~BorrowedDocument() {
    if (Free().size() < kKept) Free().push_back(std::move(document_));
  }
  BorrowedDocument(const BorrowedDocument&) = delete;
  BorrowedDocument& operator=(const BorrowedDocument&) = delete;
  json::Document& operator*() { return *document_; }

 private:
  static constexpr size_t kKept = 64;
  static std::vector<std::unique_ptr<json::Document>>& Free() {
    thread_local std::vector<std::unique_ptr<json::Document>> free;
    return free;
  }

  std::unique_ptr<json::Document> document_;
};

}  // namespace

Dispatcher::Dispatcher(const Registry& registry, const Clock& clock, DispatchOptions options)
    : registry_(registry), clock_(clock), options_(std::move(options)), origins_(options_.allowed_origins) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::AddPage(std::string method, std::string path, Page page) {
  pages_[std::move(method) + " " + std::move(path)] = std::move(page);
}

const Dispatcher::Page* Dispatcher::FindPage(const http::RequestHead& head) const {
  const Bytes method = head.method == "HEAD" ? Bytes("GET") : head.method;
  const auto found = pages_.find(std::string(method).append(" ").append(head.path));
  return found == pages_.end() ? nullptr : &found->second;
}

// DynamoDB's path, where most requests go, is no route.
RouteMatch Dispatcher::FindRoute(const http::RequestHead& head) const {
  return head.path.size() <= 1 ? RouteMatch() : registry_.FindRoute(head.method, head.path);
}

Task<http::Reply> Dispatcher::Handle(const http::Request& request, Lane& lane) {
  const http::RequestHead& head = request.head;
  const bool get = head.method == "GET" || head.method == "HEAD";
  http::Reply reply;
  if (head.path.substr(0, kPages.size()) == kPages) {
    const Page* page = FindPage(head);
    if (page) {
      reply = co_await (*page)(request, lane);
    } else {
      reply = Plain(404, "There is no such page; see `stator serve --help` for those that have to be asked for.\n");
    }
  } else if (RouteMatch match = FindRoute(head); match.operation) {
    reply = co_await HandleRest(std::move(match), request, lane);
  } else if (IsVersioned(head.path)) {
    reply = ErrorReply(Fail(errors::kRestUnknownOperation, head.method, head.path), Protocol::kRest);
  } else if (head.method == "POST" && IsForm(head.Find("content-type"))) {
    reply = co_await HandleQuery(request, lane);
  } else if (head.method == "POST") {
    reply = co_await HandleOperation(request, lane);
  } else if (get && head.path == "/") {
    // A space at the end, as the service has it.
    reply = PlainSummed(200, "healthy: dynamodb." + options_.region + ".amazonaws.com ");
  } else {
    reply = NotAnApi();
  }
  AddCommonHeaders(head, &reply);
  co_return reply;
}

// The operations of kJson10 and kJson11, and those of kQuery when they are asked for in JSON.
Task<http::Reply> Dispatcher::HandleOperation(const http::Request& request, Lane& lane) {
  const Bytes content_type = request.head.Find("content-type");
  const RegisteredOperation* found = registry_.Find(request.head.Find("x-amz-target"));
  if (found && found->operation.protocol == Protocol::kRest) found = nullptr;
  if (!IsJson(content_type, found, request.body.empty())) co_return NotAnApi();
  Protocol protocol = content_type.starts_with(kAmzJson11) ? Protocol::kJson11 : Protocol::kJson10;
  if (found) protocol = found->operation.protocol;
  http::Reply reply;
  if (found) {
    reply = co_await RunOperation(*found, request.body, {}, request, lane);
  } else {
    reply = ErrorReply(Fail(errors::kUnknownOperation), protocol);
  }
  reply.compress = true;
  if (protocol == Protocol::kJson11) {
    reply.content_type = kAmzJson11;
    reply.headers.emplace_back(kRequestId, NewUuid());
  } else {
    reply.content_type = content_type == kPlainJson ? kPlainJson : kAmzJson;
    reply.crc32 = true;
  }
  co_return reply;
}

Task<http::Reply> Dispatcher::HandleQuery(const http::Request& request, Lane& lane) {
  const std::string id = NewUuid();
  http::Reply reply;
  const Result<Form> form = ReadForm(request.body);
  if (!form.ok()) {
    reply = XmlError(form.error(), id);
  } else {
    const Bytes action = FindInForm(*form, "Action");
    const Bytes version = FindInForm(*form, "Version");
    // Without both it is no call of ours.
    if (action.empty() || version.empty()) co_return NotAnApi();
    if (const RegisteredOperation* found = registry_.FindAction(action, version)) {
      const std::string text = QueryJson(*found->operation.input, *form);
      reply = co_await RunOperation(*found, text, {}, request, lane);
      MakeXml(found->operation, id, &reply);
    } else {
      reply = XmlError(Fail(errors::kQueryUnknownAction, action, version), id);
    }
  }
  reply.compress = true;
  reply.headers.emplace_back(kRequestId, id);
  co_return reply;
}

Task<http::Reply> Dispatcher::HandleRest(RouteMatch match, const http::Request& request, Lane& lane) {
  const RestText text = ReadRest(match, request);
  http::Reply reply = co_await RunOperation(*match.operation, text.json, text.blob, request, lane);
  if (reply.content_type.empty()) reply.content_type = kPlainJson;
  if (!HasRequestId(reply)) reply.headers.emplace_back(kRequestId, NewUuid());
  co_return reply;
}

Task<http::Reply> Dispatcher::RunOperation(const RegisteredOperation& registered, Bytes text, Bytes blob,
                                           const http::Request& request, Lane& lane) {
  const Operation& operation = registered.operation;
  const MonotonicTime began = MonotonicNow();
  BorrowedDocument document;
  Status checked;
  Result<json::Value> body = (*document).Parse(text);
  if (!body.ok()) {
    checked = operation.protocol == Protocol::kRest ? Fail(errors::kRestBodyNotJson, "it is malformed")
                                                    : Fail(errors::kBodyMalformed);
  } else if (!body->is_object()) {
    checked = Fail(errors::kBodyNotObject);
  } else {
    checked = CheckShape(*operation.input, *body, operation.wording());
  }
  http::Reply reply;
  if (!checked.ok()) {
    reply = ErrorReply(checked.error(), &operation);
  } else {
    const Principal principal = PrincipalOf(request.head, options_);
    reply.status = operation.route.success;
    const Call call{principal, *body, lane, clock_.Now(), &request, &reply, blob};
    Answer answer = co_await operation.run(call);
    if (answer.ok()) {
      reply.body = std::move(answer).value();
    } else {
      reply = ErrorReply(answer.error(), &operation);
    }
  }
  CountReply(registered.counters, reply.status, began);
  co_return reply;
}

void Dispatcher::AddCommonHeaders(const http::RequestHead& head, http::Reply* reply) const {
  if (!HasRequestId(*reply)) reply->headers.emplace_back(kRequestId, NewRequestId());
  origins_.Grant(head, reply);
}

std::optional<http::Reply> Dispatcher::Admit(const http::RequestHead& head) {
  std::optional<http::Reply> refusal = origins_.Admit(head);
  if (refusal || head.path == "/") return refusal;
  const Status fits = CheckBodyLimit(registry_, head);
  if (fits.ok()) return std::nullopt;
  refusal = ErrorReply(fits.error(), Protocol::kRest);
  AddCommonHeaders(head, &*refusal);
  return refusal;
}

size_t Dispatcher::BodyLimit(const http::RequestHead& head, size_t usual) {
  const RegisteredOperation* found = FindRoute(head).operation;
  return found && found->operation.route.body_limit > 0 ? found->operation.route.body_limit : usual;
}

http::Reply Dispatcher::Refuse(int status, Bytes reason) {
  http::Reply reply = Plain(status, std::string(reason) + "\n");
  if (status == 500) {  // what does not inflate: the service answers in its own form
    reply = ErrorReply(Fail(errors::kInternal), nullptr);
    reply.content_type = kAmzJson;
  }
  reply.crc32 = true;
  reply.headers.emplace_back(kRequestId, NewRequestId());
  return reply;
}

std::string Dispatcher::Metrics() const {
  std::string out;
  const auto family = [&](const char* name, const char* help, auto value) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" counter\n");
    for (const auto& [target, registered] : registry_.All()) {
      out.append(name).append("{operation=\"").append(LabelOf(registered.operation)).append("\"} ");
      out.append(value(registered.counters)).append("\n");
    }
  };
  const auto count = [](const std::atomic<uint64_t>& n) { return std::to_string(n.load(std::memory_order_relaxed)); };
  family("stator_operation_calls_total", "Calls answered.", [&](const auto& c) { return count(c.calls); });
  family("stator_operation_client_errors_total", "Calls answered with a client's fault.",
         [&](const auto& c) { return count(c.client_errors); });
  family("stator_operation_server_errors_total", "Calls answered with the server's fault.",
         [&](const auto& c) { return count(c.server_errors); });
  family("stator_operation_micros_total", "Time from the parsed request to its answer, in microseconds.",
         [&](const auto& c) { return count(c.micros); });
  return out;
}

}  // namespace stator::dispatch
