// The wiring of the back end: parts in the order in which they need each other, taken down in the reverse one.
#include "serve.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <future>

#include "api/service.h"
#include "base/os/socket.h"
#include "base/pause.h"
#include "client/profile.h"
#include "errors/client.h"
#include "errors/common.h"
#include "http/listener.h"
#include "http/stop_listener.h"
#include "json/writer.h"
#include "live/stream_reader.h"
#include "live/teller.h"

namespace stator::messages {
namespace {

constexpr int kWorkers = 8;
constexpr int kWorkersForAws = 32;  // each call of AWS takes one for as long as it lasts
constexpr Duration kGrace = std::chrono::seconds(5);
constexpr Duration kPace = std::chrono::milliseconds(100);
constexpr Duration kAwsPace = std::chrono::milliseconds(250);  // AWS takes five GetRecords of a shard a second
constexpr Duration kKeysLimit = std::chrono::seconds(5);

sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  IgnoreBrokenPipes();
  return signals;
}

// Everything that the outside says.
struct Places {
  client::Target table, streams, pool;
  std::string pool_id, client_id, web, directory;
};

// Without an endpoint it is AWS that is meant: other commands take this machine then, and need the word `prod`.
Result<client::Target> TargetOf(const Session& session, const std::string& service, const std::string& variable) {
  client::Wish wish = session.wish;
  wish.service = service;
  STATOR_TRY(const client::Profile profile, client::ReadProfile(session.around, wish.profile));
  for (const std::string& name : {variable, std::string("AWS_ENDPOINT_URL")}) {
    if (wish.endpoint_url.empty()) wish.endpoint_url = session.around.env(name).value_or("");
  }
  if (wish.endpoint_url.empty()) wish.endpoint_url = profile.dynamodb_endpoint;
  wish.aws = wish.endpoint_url.empty();
  return client::Connect(wish, session.around);
}

Result<std::string> Setting(const Session& session, const std::string& given, const std::string& variable,
                            const std::string& option) {
  std::string value = given.empty() ? session.around.env(variable).value_or("") : given;
  if (value.empty())
    return Fail(errors::kValidation, "the user pool is not known; set " + variable + ", or say " + option);
  return value;
}

// Beside this program in a build, in ../share of an installation.
std::string FindWeb(const std::string& given) {
  if (!given.empty()) return given;
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
  const std::string path(self, size > 0 ? static_cast<size_t>(size) : 0);
  const std::string folder = path.substr(0, path.rfind('/'));
  for (const char* place : {"/../web/messages", "/../share/stator/web/messages"}) {
    std::error_code error;
    if (std::filesystem::is_directory(folder + place, error)) return folder + place;
  }
  return "";
}

Result<Places> FindPlaces(const Session& session, const ServeOptions& options) {
  Places places;
  STATOR_TRY(places.table, TargetOf(session, "dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"));
  STATOR_TRY(places.streams, TargetOf(session, "streams.dynamodb", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"));
  STATOR_TRY(places.pool, TargetOf(session, "cognito-idp", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"));
  STATOR_TRY(places.pool_id, Setting(session, options.user_pool_id, "AWS_COGNITO_USER_POOL_ID", "--user-pool-id"));
  STATOR_TRY(places.client_id, Setting(session, options.client_id, "AWS_COGNITO_USER_POOL_CLIENT_ID", "--client-id"));
  places.web = FindWeb(options.web);
  places.directory = DirectoryUrl(session.around.env);
  STATOR_TRY(const Directory directory, Directory::Open(places.directory));  // says now what is wrong with it
  return places;
}

std::string RegionOf(const std::string& pool_id) { return pool_id.substr(0, pool_id.find('_')); }

// Pools call themselves by AWS's name, or by the address at which they are.
TokenRules RulesOf(const Places& places) {
  return {{"https://cognito-idp." + RegionOf(places.pool_id) + ".amazonaws.com/" + places.pool_id,
           places.pool.endpoint.url + "/" + places.pool_id},
          places.client_id};
}

std::string BrowserEndpoint(const Places& places, const ServeOptions& options) {
  if (!options.public_endpoint.empty()) return options.public_endpoint;
  return places.pool.endpoint.aws ? "" : places.pool.endpoint.url;
}

std::string ConfigJson(const Places& places, const std::string& endpoint) {
  std::string config;
  json::Writer out(&config);
  out.BeginObject().Key("region").String(RegionOf(places.pool_id)).Key("user_pool_id").String(places.pool_id);
  out.Key("client_id").String(places.client_id).Key("endpoint");
  endpoint.empty() ? out.Null() : out.String(endpoint);
  out.EndObject();
  return config;
}

std::string ConnectSources(const Places& places, const std::string& endpoint) {
  if (!endpoint.empty()) return endpoint;
  return "https://cognito-idp." + RegionOf(places.pool_id) + ".amazonaws.com";
}

// The pool's public keys: unsigned, from a worker.
class KeyFetcher {
 public:
  KeyFetcher(std::string url, bool direct, Lane& lane, WorkerPool& workers)
      : url_(std::move(url)), direct_(direct), lane_(lane), workers_(workers) {}

  Task<Result<std::string>> Fetch() {
    ToWorker to_worker(workers_);
    co_await to_worker;
    client::HttpRequest request;
    request.method = "GET";
    request.url = url_;
    request.direct = direct_;
    request.connect_timeout = request.timeout = kKeysLimit;
    auto answer = client::NewCurlTransport()->Send(request);
    ToLane to_lane(lane_);
    co_await to_lane;
    if (!answer.ok()) co_return std::move(answer).error();
    if (answer->status != 200) co_return Fail(errors::kTransport, url_, "HTTP " + std::to_string(answer->status));
    co_return std::move(answer->body);
  }

 private:
  const std::string url_;
  const bool direct_;
  Lane& lane_;
  WorkerPool& workers_;
};

class Backend {
 public:
  Backend(const Session& session, Places places, const ServeOptions& options, WebFiles web)
      : places_(std::move(places)),
        web_(std::move(web)),
        table_caller_(NewCaller(places_.table, lane_, workers_)),
        stream_caller_(NewCaller(places_.streams, lane_, workers_)),
        keys_(places_.pool.endpoint.url + "/" + places_.pool_id + "/.well-known/jwks.json",
              places_.pool.endpoint.loopback, lane_, workers_),
        verifier_(RulesOf(places_), [this] { return keys_.Fetch(); }),
        people_(places_.directory, lane_, workers_),
        conversations_(*table_caller_, session.table, lane_),
        hub_(lane_),
        teller_(conversations_, hub_, lane_),
        reader_(ReaderParts(session.table), lane_),
        service_({verifier_, people_, conversations_, hub_, web_,
                  ConfigJson(places_, BrowserEndpoint(places_, options)), [this] { reader_.Ring(); }},
                 options.origins) {
    hub_.OnJoin([this] { reader_.Ring(); });
  }

  Status Start(const ServeOptions& options) {
    http::ListenerOptions listening;
    if (!options.host.empty()) listening.hosts = {options.host};
    listening.port = options.port;
    STATOR_TRY(listener_, http::Listener::Open(std::move(listening), lanes_, service_));
    lanes_.Start();
    lane_.Post([this] { stator::Start(reader_.Run(), [this](bool) { reader_done_.set_value(); }); });
    return {};
  }
  int port() const { return listener_->port(); }

  void Stop() {
    http::StopListener(*listener_, kGrace).wait();
    lane_.Post([this] { reader_.Stop(); });
    reader_done_.get_future().wait_for(kCallLimit * kAttempts);
    lanes_.StopAndJoin();
    listener_.reset();
  }

 private:
  StreamReader::Parts ReaderParts(const std::string& table) {
    return {*table_caller_,
            *stream_caller_,
            table,
            places_.streams.endpoint.aws ? kAwsPace : kPace,
            [this] { hub_.Begin(); },
            [this] { hub_.Pause(); },
            [this](Message message) { return teller_.Tell(std::move(message)); },
            [this] { return hub_.listeners() > 0; }};
  }

  const Places places_;
  const WebFiles web_;
  Lanes lanes_{1};
  Lane& lane_ = lanes_.at(0);
  WorkerPool workers_{places_.table.endpoint.aws ? kWorkersForAws : kWorkers};
  std::unique_ptr<Caller> table_caller_;
  std::unique_ptr<Caller> stream_caller_;
  KeyFetcher keys_;
  Verifier verifier_;
  People people_;
  Conversations conversations_;
  Hub hub_;
  Teller teller_;
  StreamReader reader_;
  Service service_;
  std::unique_ptr<http::Listener> listener_;
  std::promise<void> reader_done_;
};

}  // namespace

Status Serve(Session& session, const ServeOptions& options) {
  const sigset_t signals = BlockSignals();
  STATOR_TRY(Places places, FindPlaces(session, options));
  STATOR_TRY(WebFiles web, WebFiles::Load(places.web, ConnectSources(places, BrowserEndpoint(places, options))));
  if (web.empty() && !session.quiet) std::fprintf(stderr, "cruddur: the page is not built; only /api is served\n");
  Backend backend(session, std::move(places), options, std::move(web));
  STATOR_OK(backend.Start(options));
  const bool v6 = options.host.find(':') != std::string::npos;
  const std::string host = options.host.empty() ? "127.0.0.1" : v6 ? "[" + options.host + "]" : options.host;
  std::printf("cruddur: listening on http://%s:%d\n", host.c_str(), backend.port());
  std::fflush(stdout);
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  backend.Stop();
  return {};
}

}  // namespace stator::messages
