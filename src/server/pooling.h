// User pools, put together: their store, what signing in needs, the outbox, and the operations on them.
#pragma once

#include <memory>

#include "dispatch/dispatcher.h"
#include "engine/engine.h"
#include "functions/function.h"
#include "pools/groups.h"
#include "pools/letter_box.h"
#include "pools/realm.h"
#include "runtime/invoker.h"
#include "server/config.h"
#include "services/cognito/function_hooks.h"

namespace stator::server {

// Threads: the main thread; what it gives is for any.
class Pooling {
 public:
  // Reads the pools of the store. Blocks; borrows everything. `invoker` calls the functions that are triggers.
  static Result<std::unique_ptr<Pooling>> Open(const Config& config, engine::Engine& engine, const Clock& clock,
                                               const functions::Resolver& functions, runtime::Invoker& invoker);

  void Register(dispatch::Registry& registry);
  // GET /_stator/outbox; POST /_stator/pools/rotate-keys {"UserPoolId": ...}: new keys sign from now on.
  void AddPages(dispatch::Dispatcher& dispatcher);
  // How tokens name their issuer, once the port is known. Before the lanes run.
  void SetIssuer(const Config& config, int port);
  // For tests: pools, users, letters, wrong passwords.
  Task<Status> RemoveAll(Lane& lane);

 private:
  Pooling() = default;

  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<pools::Pools> pools_;
  std::unique_ptr<pools::Users> users_;
  std::unique_ptr<pools::SignIns> sign_ins_;
  pools::Sessions sessions_;
  std::unique_ptr<pools::Attempts> attempts_;
  std::unique_ptr<pools::LetterBox> outbox_;
  std::unique_ptr<services::cognito::FunctionHooks> hooks_;
  std::unique_ptr<pools::Groups> groups_;
  std::unique_ptr<pools::Realm> realm_;
};

}  // namespace stator::server
