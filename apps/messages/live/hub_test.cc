#include "live/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stator::messages {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A browser that keeps what it is sent.
class Browser final : public http::Outflow {
 public:
  bool Send(Bytes piece) override {
    if (gone) return false;
    text.append(piece);
    return true;
  }
  void End() override { gone = true; }

  // What has come since the last look.
  std::string Take() { return std::exchange(text, {}); }

  std::string text;
  bool gone = false;
};

class HubTest : public ::testing::Test {
 protected:
  std::shared_ptr<Browser> Join(const std::string& user, const std::string& last = "") {
    auto browser = std::make_shared<Browser>();
    hub_.Join(user, last, Clock().Now() + std::chrono::hours(1), browser);
    return browser;
  }
  static std::string IdIn(const std::string& text) {
    const size_t at = text.rfind("id: ") + 4;
    return text.substr(at, text.find('\n', at) - at);
  }
  void Publish(const std::string& data, const std::string& one = "nora", const std::string& two = "malik") {
    hub_.Publish({{one, data}, {two, data}});
  }

  Lane lane_{0};
  Hub hub_{lane_};
};

TEST_F(HubTest, TellsTheMembersAndNobodyElse) {
  hub_.Begin();
  const auto nora = Join("nora");
  const auto malik = Join("malik");
  const auto teo = Join("teo");
  for (const auto& browser : {nora, malik, teo}) EXPECT_THAT(browser->Take(), HasSubstr("event: ready\n"));
  Publish("{\"n\":1}");
  EXPECT_THAT(nora->Take(), HasSubstr("event: message\nid: "));
  EXPECT_THAT(malik->Take(), HasSubstr("\ndata: {\"n\":1}\n\n"));
  EXPECT_EQ(teo->Take(), "");
}

TEST_F(HubTest, TheFirstEventWaitsUntilTheStreamIsRead) {
  int joined = 0;
  hub_.OnJoin([&] { ++joined; });
  const auto nora = Join("nora");
  const auto back = Join("nora", "0123-5");
  EXPECT_EQ(joined, 2);
  EXPECT_EQ(nora->Take(), "");
  hub_.Begin();
  EXPECT_THAT(nora->Take(), HasSubstr("event: ready"));
  const std::string text = back->Take();
  EXPECT_THAT(text, StartsWith("event: ready"));
  EXPECT_THAT(text, HasSubstr("event: reload"));
}

TEST_F(HubTest, WhoComesBackGetsWhatCameBetween) {
  hub_.Begin();
  const auto nora = Join("nora");
  Publish("{\"n\":1}");
  const std::string last = IdIn(nora->Take());
  Publish("{\"n\":2}");
  Publish("{\"n\":3}", "teo", "malik");
  Publish("{\"n\":4}");
  const std::string text = Join("nora", last)->Take();
  EXPECT_THAT(text, HasSubstr("event: ready"));
  EXPECT_THAT(text, HasSubstr("{\"n\":2}"));
  EXPECT_THAT(text, HasSubstr("{\"n\":4}"));
  EXPECT_THAT(text, Not(HasSubstr("{\"n\":1}")));
  EXPECT_THAT(text, Not(HasSubstr("{\"n\":3}")));
  EXPECT_EQ(IdIn(text), IdIn(nora->Take()));
}

TEST_F(HubTest, WhatCannotBeToldIsToBeReadAgain) {
  hub_.Begin();
  const auto nora = Join("nora");
  const std::string last = IdIn(nora->Take());
  for (const std::string& id : {std::string("x"), std::string("-"), last + "x", last.substr(0, last.find('-') + 1),
                                last.substr(0, last.find('-')) + "-99"}) {
    const std::string text = Join("nora", id)->Take();
    EXPECT_THAT(text, StartsWith("event: ready")) << id;
    EXPECT_THAT(text, HasSubstr("event: reload")) << id;
  }
  for (size_t i = 0; i <= Hub::kKept; ++i) Publish("{}");
  EXPECT_THAT(Join("nora", last)->Take(), HasSubstr("event: reload"));
}

TEST_F(HubTest, AGapIsToldToAllAndEndsOldIds) {
  hub_.Begin();
  const auto nora = Join("nora");
  const std::string last = IdIn(nora->Take());
  hub_.Begin();
  EXPECT_THAT(nora->Take(), HasSubstr("event: reload"));
  EXPECT_THAT(Join("nora", last)->Take(), HasSubstr("event: reload"));
}

TEST_F(HubTest, NobodyIsGreetedWhileTheStreamIsNotRead) {
  hub_.Begin();
  const std::string last = IdIn(Join("nora")->Take());
  hub_.Pause();
  const auto nora = Join("nora", last);
  EXPECT_EQ(nora->Take(), "");
  hub_.Begin();
  EXPECT_THAT(nora->Take(), HasSubstr("event: reload"));
}

TEST_F(HubTest, TheStreamEndsWithTheToken) {
  hub_.Begin();
  const auto nora = Join("nora");
  const auto expired = std::make_shared<Browser>();
  hub_.Join("malik", "", Clock().Now(), expired);
  nora->Take();
  lane_.timers().Advance(MonotonicNow() + Hub::kHeartbeat + std::chrono::seconds(1));
  EXPECT_THAT(nora->Take(), StartsWith(": \n\n"));
  EXPECT_EQ(hub_.listeners(), 1u);
  EXPECT_EQ(expired.use_count(), 1);  // letting go of it ends it
}

TEST_F(HubTest, OneUserTakesNoMorePlacesThanAFew) {
  hub_.Begin();
  const auto malik = Join("malik");
  const auto first = Join("nora");
  for (size_t i = 0; i < Hub::kMostOfOne; ++i) Join("nora");
  EXPECT_EQ(hub_.listeners(), Hub::kMostOfOne + 1);
  EXPECT_EQ(first.use_count(), 1);
  EXPECT_EQ(malik.use_count(), 2);
}

TEST_F(HubTest, ForgetsWhoHasGone) {
  hub_.Begin();
  const auto nora = Join("nora");
  const auto malik = Join("malik");
  nora->gone = true;
  Publish("{}");
  EXPECT_EQ(hub_.listeners(), 1u);
}

}  // namespace
}  // namespace stator::messages
