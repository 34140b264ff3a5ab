#include <curl/curl.h>

#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "client/transport.h"
#include "errors/client.h"

namespace stator::client {
namespace {

// Four times the largest answer of the API (BatchGetItem, 16 MB).
constexpr size_t kMaxBody = 64 << 20;

struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListFree>;

void Append(HeaderList* list, const std::string& line) {
  curl_slist* grown = curl_slist_append(list->get(), line.c_str());
  STATOR_CHECK(grown != nullptr);
  (void)list->release();  // the grown list begins with the old one
  list->reset(grown);
}

size_t OnBody(char* data, size_t, size_t size, void* to) {
  auto& body = static_cast<HttpReply*>(to)->body;
  if (body.size() + size > kMaxBody) return 0;
  body.append(data, size);
  return size;
}

size_t OnHeader(char* data, size_t, size_t size, void* to) {
  auto& reply = *static_cast<HttpReply*>(to);
  const Bytes line(data, size);
  if (line.starts_with("HTTP/")) reply.headers.clear();  // an interim answer came before
  const size_t colon = line.find(':');
  if (colon == Bytes::npos) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  Bytes value = line.substr(colon + 1);
  while (!value.empty() && Bytes(" \t\r\n").find(value.back()) != Bytes::npos) value.remove_suffix(1);
  while (!value.empty() && Bytes(" \t").find(value.front()) != Bytes::npos) value.remove_prefix(1);
  reply.headers.emplace_back(std::move(name), value);
  return size;
}

Error ErrorOf(CURLcode code, long os_error, Bytes url) {
  if (url.ends_with('/')) url.remove_suffix(1);
  const char* why = curl_easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return os_error == ECONNREFUSED ? Fail(errors::kNothingAnswers, url) : Fail(errors::kCannotConnect, url, why);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Fail(errors::kNoSuchHost, url);
    case CURLE_OPERATION_TIMEDOUT:
      return Fail(errors::kCallTimedOut, url);
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      return Fail(errors::kConnectionLost, url);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Fail(errors::kTlsFailed, url, why);
    default:
      return Fail(errors::kTransport, url, why);
  }
}

class CurlTransport : public Transport {
 public:
  CurlTransport() {
    static std::once_flag once;
    std::call_once(once, [] { STATOR_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    handle_ = curl_easy_init();
    STATOR_CHECK(handle_ != nullptr);
  }
  ~CurlTransport() override { curl_easy_cleanup(handle_); }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Result<HttpReply> Send(const HttpRequest& request) override {
    curl_easy_reset(handle_);  // keeps the connections
    HttpReply reply;
    const HeaderList headers = HeadersOf(request);
    SetCommon(request, headers.get());
    SetMethod(request);
    Set(CURLOPT_WRITEFUNCTION, &OnBody);
    Set(CURLOPT_WRITEDATA, &reply);
    Set(CURLOPT_HEADERFUNCTION, &OnHeader);
    Set(CURLOPT_HEADERDATA, &reply);
    const CURLcode code = curl_easy_perform(handle_);
    if (code != CURLE_OK) {
      long os_error = 0;
      curl_easy_getinfo(handle_, CURLINFO_OS_ERRNO, &os_error);
      return ErrorOf(code, os_error, request.url);
    }
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    return reply;
  }

 private:
  template <class Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(handle_, option, value);
  }

  static HeaderList HeadersOf(const HttpRequest& request) {
    HeaderList list;
    std::string line;
    for (const auto& [name, value] : request.headers) {
      line.assign(name).append(": ").append(value);
      Append(&list, line);
    }
    Append(&list, "Expect:");  // never wait for 100-continue
    return list;
  }

  void SetCommon(const HttpRequest& request, curl_slist* headers) {
    Set(CURLOPT_URL, request.url.c_str());
    Set(CURLOPT_HTTPHEADER, headers);
    Set(CURLOPT_USERAGENT, "stator-client");
    Set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_TCP_NODELAY, 1L);
    Set(CURLOPT_PATH_AS_IS, 1L);
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count() / 1000));
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count() / 1000));
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    if (request.direct) Set(CURLOPT_PROXY, "");
  }

  void SetMethod(const HttpRequest& request) {
    if (request.method == "GET") {
      Set(CURLOPT_HTTPGET, 1L);
      return;
    }
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDS, request.body.data() == nullptr ? "" : request.body.data());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    if (request.method != "POST") Set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  CURL* handle_;
};

}  // namespace

Bytes HttpReply::Find(Bytes lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

std::unique_ptr<Transport> NewCurlTransport() { return std::make_unique<CurlTransport>(); }

}  // namespace stator::client
