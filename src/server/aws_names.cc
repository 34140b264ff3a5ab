#include "server/aws_names.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/os/file.h"
#include "base/random.h"
#include "errors/http.h"
#include "http/stop_listener.h"
#include "json/writer.h"
#include "server/data_folder.h"

namespace stator::server {
namespace {

constexpr size_t kPasswordBytes = 24;

std::string NewPassword() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string password;
  for (const char c : SecureRandom(kPasswordBytes)) {
    password += kDigits[static_cast<uint8_t>(c) >> 4];
    password += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return password;
}

// Where this machine's own processes reach the API without TLS; empty if nowhere.
std::string LoopbackOf(const Config& config) {
  if (!config.certificate_file.empty()) return {};
  const auto listens = [&](const char* host) {
    return std::find(config.hosts.begin(), config.hosts.end(), host) != config.hosts.end();
  };
  if (listens("127.0.0.1") || listens("0.0.0.0")) return "127.0.0.1";
  return {};
}

http::Reply Page(std::string content_type, std::string body) {
  http::Reply reply;
  reply.content_type = std::move(content_type);
  reply.body = std::move(body);
  return reply;
}

}  // namespace

Result<std::unique_ptr<AwsNames>> AwsNames::Open(const Config& config) {
  std::unique_ptr<AwsNames> names(new AwsNames());
  names->folder_ = config.data + "/" + kAuthorityFolder;
  if (config.data.empty()) {
    names->temporary_ = MakeTemporaryFolder("stator-ca-");
    if (names->temporary_.empty()) return Fail(errors::kHttpAuthorityNotMade, "a temporary folder", "none can be had");
    names->folder_ = names->temporary_ + "/" + kAuthorityFolder;
  }
  STATOR_TRY(names->authority_, http::CertificateAuthority::Open(names->folder_));
  // Anew at each start: what the system trusts changes.
  names->surroundings_.ca_bundle = names->folder_ + "/bundle.pem";
  STATOR_OK(names->authority_->WriteBundle(names->surroundings_.ca_bundle));
  names->proxy_ = std::make_unique<http::Proxy>(*names->authority_, NewPassword());
  return names;
}

AwsNames::~AwsNames() {
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
}

void AwsNames::AddPages(dispatch::Dispatcher& dispatcher, bool test_controls) const {
  dispatcher.AddPage("GET", "/_stator/ca.pem", [this](const http::Request&, Lane&) -> Task<http::Reply> {
    co_return Page("application/x-pem-file", authority_->certificate());
  });
  if (!test_controls) return;
  dispatcher.AddPage("GET", "/_stator/surroundings", [this](const http::Request&, Lane&) -> Task<http::Reply> {
    std::string body;
    json::Writer out(&body);
    out.BeginObject();
    for (const auto& [name, value] : runtime::VariablesOf(surroundings_)) out.Key(name).String(value);
    out.EndObject();
    co_return Page("application/json", std::move(body));
  });
}

Status AwsNames::Begin(const Config& config, const http::Listener& api, Lanes& lanes, http::Handler& handler,
                       WorkerPool& workers) {
  std::string host = LoopbackOf(config);
  int port = api.port();
  if (host.empty()) {
    http::ListenerOptions options;
    options.hosts = {"127.0.0.1"};
    options.limits = config.limits;
    options.proxy = proxy_.get();
    options.workers = &workers;
    STATOR_TRY(listener_, http::Listener::Open(std::move(options), lanes, handler));
    host = "127.0.0.1";
    port = listener_->port();
  }
  const std::string place = host + ":" + std::to_string(port);
  surroundings_.endpoint = "http://" + place;
  surroundings_.proxy = "http://" + proxy_->user() + "@" + place;
  return {};
}

void AwsNames::Stop(Duration grace) {
  if (listener_) http::StopListener(*listener_, grace).wait();
}

}  // namespace stator::server
