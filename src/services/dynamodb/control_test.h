// A control plane for tests: the table, tag and account operations on an engine in memory, each call one line.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/run_on.h"
#include "dispatch/operation.h"
#include "engine/memory/memory_engine.h"
#include "errors/dispatch.h"
#include "services/dynamodb/infrastructure.h"

namespace stator::services::dynamodb {

class ControlTest : public testing::Test {
 protected:
  ControlTest() {
    lanes_.Start();
    Open(Duration(0));
  }
  ~ControlTest() override { lanes_.StopAndJoin(); }

  void Open(Duration delay) {
    auto catalog = catalog::Catalog::Open(*engine_, clock_, {.account = "000000000000", .state_delay = delay});
    ASSERT_TRUE(catalog.ok());
    catalog_ = *std::move(catalog);
    registry_ = std::make_unique<dispatch::Registry>();
    const TableAccess tables{*catalog_, [](const catalog::TableSchema&, const catalog::IndexSchema* index) {
                               return index ? TableSize{3, 30} : TableSize{7, 700};
                             }};
    RegisterTableOps(*registry_, tables);
    RegisterTagOps(*registry_, tables);
    RegisterTimeToLiveOps(*registry_, tables);
    RegisterAccountOps(*registry_);
    RegisterInfrastructureOps(*registry_, tables);
  }

  dispatch::Answer Call(const std::string& operation, const std::string& request) {
    json::Document document;
    const auto body = document.Parse(request);
    if (!body.ok()) return body.error();
    const dispatch::RegisteredOperation* found = registry_->Find("DynamoDB_20120810." + operation);
    if (!found) return Fail(errors::kUnknownOperation);
    STATOR_OK(dispatch::CheckShape(*found->operation.input, *body));
    const dispatch::Principal principal{.access_key_id = "key", .region = "eu-west-1", .account = "000000000000"};
    const dispatch::Call call{principal, *body, lanes_.at(0), now_};
    return RunOn(lanes_.at(0), [&](Lane&) { return found->operation.run(call); });
  }
  // The reply, or the error's text.
  std::string Text(const std::string& operation, const std::string& request) {
    const dispatch::Answer answer = Call(operation, request);
    return answer.ok() ? *answer : answer.error().text;
  }
  // Fails the test unless the call succeeds.
  std::string Do(const std::string& operation, const std::string& request) {
    const dispatch::Answer answer = Call(operation, request);
    EXPECT_TRUE(answer.ok()) << operation << " " << request << ": " << (answer.ok() ? "" : answer.error().text);
    return answer.ok() ? *answer : "";
  }
  catalog::TableRef Find(Bytes name) { return catalog_->Find(catalog::kSharedNamespace, name); }

  Clock clock_;
  Time now_{1'795'000'000'123'000};  // 2026-11-18T11:06:40.123Z
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  Lanes lanes_{1};
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<dispatch::Registry> registry_;
};

}  // namespace stator::services::dynamodb
