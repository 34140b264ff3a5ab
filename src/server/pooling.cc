#include "server/pooling.h"

#include <algorithm>
#include <thread>

#include "dispatch/error_reply.h"
#include "server/data_folder.h"
#include "services/cognito/admin.h"
#include "services/cognito/outbox_page.h"
#include "services/cognito/service.h"

namespace stator::server {

Result<std::unique_ptr<Pooling>> Pooling::Open(const Config& config, engine::Engine& engine, const Clock& clock,
                                               const functions::Resolver& functions, runtime::Invoker& invoker) {
  auto pooling = std::unique_ptr<Pooling>(new Pooling());
  Pooling& p = *pooling;
  // Signing in is little else than large numbers: as many threads as can work on them.
  p.workers_ = std::make_unique<WorkerPool>(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  STATOR_TRY(p.pools_, pools::Pools::Open(engine, clock, *p.workers_));
  STATOR_TRY(p.users_, pools::Users::Open(engine, clock));
  p.groups_ = std::make_unique<pools::Groups>(engine, *p.users_, clock);
  p.hooks_ = std::make_unique<services::cognito::FunctionHooks>(functions, invoker);
  p.sign_ins_ = std::make_unique<pools::SignIns>(engine, clock);
  STATOR_OK(p.sign_ins_->Sweep());
  p.attempts_ = std::make_unique<pools::Attempts>(config.lockout);
  STATOR_TRY(p.outbox_,
             pools::LetterBox::Open(config.data.empty() ? std::string() : config.data + "/" + kOutboxFolder));
  p.realm_ = std::make_unique<pools::Realm>(pools::Realm{*p.pools_,
                                                         *p.users_,
                                                         *p.sign_ins_,
                                                         p.sessions_,
                                                         *p.attempts_,
                                                         *p.outbox_,
                                                         *p.hooks_,
                                                         *p.groups_,
                                                         *p.workers_,
                                                         clock,
                                                         {}});
  return pooling;
}

void Pooling::Register(dispatch::Registry& registry) {
  services::cognito::RegisterAll(registry, *realm_);
  services::cognito::RegisterAdmin(registry, {*realm_, *groups_});
}

void Pooling::AddPages(dispatch::Dispatcher& dispatcher) {
  services::cognito::AddOutboxPage(dispatcher, *outbox_);
  dispatcher.AddPage("POST", "/_stator/pools/rotate-keys",
                     [this](const http::Request& request, Lane& lane) -> Task<http::Reply> {
                       json::Document document;
                       const auto body = document.Parse(request.body);
                       const json::Value id = body.ok() && body->is_object() ? body->Find("UserPoolId") : json::Value();
                       std::string pool(id.valid() && id.is_string() ? id.text() : Bytes());
                       const Status done = co_await pools_->RotateKeys(std::move(pool), lane);
                       if (!done.ok()) co_return dispatch::ErrorReply(done.error(), dispatch::Protocol::kJson11);
                       http::Reply reply;
                       reply.content_type = "application/json";
                       reply.body = "{}\n";
                       co_return reply;
                     });
}

void Pooling::SetIssuer(const Config& config, int port) {
  if (config.issuer == "aws") return;
  std::string& issuer = realm_->issuer;
  issuer = config.issuer == "local" ? "http://127.0.0.1:" + std::to_string(port) : config.issuer;
  if (!issuer.ends_with('/')) issuer.push_back('/');
}

Task<Status> Pooling::RemoveAll(Lane& lane) {
  Status done = co_await pools_->RemoveAll(lane);
  attempts_->Clear();
  outbox_->Clear();
  co_return done;
}

}  // namespace stator::server
