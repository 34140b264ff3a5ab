#include "pools/letter_box.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/os/file.h"

namespace stator::pools {
namespace {

namespace fs = std::filesystem;

Letter LetterTo(const std::string& user, const std::string& code) {
  Letter letter;
  letter.time = Time{1'795'000'000'123'000};
  letter.pool_id = "us-east-1_abc";
  letter.username = user;
  letter.attribute = "email";
  letter.destination = user + "@example.com";
  letter.code = code;
  return letter;
}

class LetterBoxTest : public testing::Test {
 protected:
  void SetUp() override { folder_ = MakeTemporaryFolder("letters-"); }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<LetterBox> Open(const std::string& folder) {
    auto box = LetterBox::Open(folder);
    EXPECT_TRUE(box.ok());
    return box.ok() ? *std::move(box) : nullptr;
  }

  std::string folder_;
};

TEST_F(LetterBoxTest, KeepsLettersInMemory) {
  const auto box = Open("");
  EXPECT_EQ(box->Read({}), R"({"messages":[]})");
  box->Send(LetterTo("nora", "123456"));
  EXPECT_EQ(box->Read({}), R"({"messages":[{"id":1,"time":"2026-11-18T11:06:40.123Z","pool":"us-east-1_abc",)"
                           R"("user":"nora","kind":"SignUp","attribute":"email","destination":"nora@example.com",)"
                           R"("code":"123456","subject":"Your verification code",)"
                           R"("message":"Your confirmation code is 123456"}]})");
}

TEST_F(LetterBoxTest, FindsByPoolUserDestinationAndId) {
  const auto box = Open("");
  box->Send(LetterTo("nora", "111111"));
  box->Send(LetterTo("malik", "222222"));
  const auto codes = [&](const LetterBox::Query& query) {
    const std::string text = box->Read(query);
    return (text.find("111111") != std::string::npos ? std::string("1") : std::string()) +
           (text.find("222222") != std::string::npos ? "2" : "");
  };
  EXPECT_EQ(codes({}), "12");
  EXPECT_EQ(codes({"us-east-1_abc", "", 0}), "12");
  EXPECT_EQ(codes({"us-east-1_xyz", "", 0}), "");
  EXPECT_EQ(codes({"", "nora", 0}), "1");
  EXPECT_EQ(codes({"", "malik@example.com", 0}), "2");
  EXPECT_EQ(codes({"", "", 1}), "2");
  EXPECT_EQ(codes({"", "", 2}), "");
}

TEST_F(LetterBoxTest, SendsWhatAFunctionWorded) {
  const auto box = Open("");
  Letter letter = LetterTo("nora", "secret");
  letter.kind = Letter::Kind::kInvitation;
  box->Send(letter);
  letter.subject = "Come in";
  letter.message = "The word is \"secret\"";
  box->Send(letter);
  const std::string text = box->Read({});
  EXPECT_NE(text.find("Your username is nora and temporary password is secret"), std::string::npos);
  EXPECT_NE(text.find(R"("subject":"Come in","message":"The word is \"secret\"")"), std::string::npos);
}

TEST_F(LetterBoxTest, ForgetsTheOldestWhenThereAreTooMany) {
  const auto box = Open("");
  for (size_t i = 0; i < LetterBox::kMostLetters + 5; ++i) box->Send(LetterTo("u" + std::to_string(i), "1"));
  EXPECT_EQ(box->Read({"", "u4", 0}), R"({"messages":[]})");
  EXPECT_NE(box->Read({"", "u5", 0}), R"({"messages":[]})");
  Letter large = LetterTo("large", "1");
  large.message.assign(LetterBox::kMostBytes, 'x');
  box->Send(large);
  EXPECT_EQ(box->Read({"", "u1004", 0}), R"({"messages":[]})");
  EXPECT_GT(box->Read({"", "large", 0}).size(), LetterBox::kMostBytes);
}

TEST_F(LetterBoxTest, GoesOnAfterARestart) {
  const std::string folder = folder_ + "/outbox";
  std::string before;
  {
    const auto box = Open(folder);
    box->Send(LetterTo("nora", "111111"));
    box->Send(LetterTo("malik", "222222"));
    before = box->Read({});
  }
  const auto permissions = fs::status(folder).permissions();
  EXPECT_EQ(permissions & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
  std::ofstream(folder + "/" + LetterBox::kFile, std::ios::app) << "{\"id\":3,\"cut sho";
  const auto box = Open(folder);
  EXPECT_EQ(box->Read({}), before);
  box->Send(LetterTo("teo", "333333"));
  EXPECT_NE(box->Read({}).find(R"("id":3,)"), std::string::npos);
  box->Clear();
  EXPECT_FALSE(fs::exists(folder + "/" + LetterBox::kFile));
  EXPECT_EQ(Open(folder)->Read({}), R"({"messages":[]})");
}

TEST_F(LetterBoxTest, FilesStaySmall) {
  const auto box = Open(folder_);
  Letter letter = LetterTo("nora", "1");
  letter.message.assign(100'000, 'x');
  for (int i = 0; i < 40; ++i) box->Send(letter);
  const auto size = [&](const char* name) { return fs::file_size(folder_ + "/" + name); };
  EXPECT_LE(size(LetterBox::kFile), LetterBox::kMostFileBytes);
  EXPECT_LE(size(LetterBox::kOldFile), LetterBox::kMostFileBytes);
  EXPECT_GT(size(LetterBox::kOldFile), LetterBox::kMostFileBytes / 2);
}

TEST_F(LetterBoxTest, SaysWhyAFolderCannotBeMade) {
  const auto box = LetterBox::Open(folder_ + "/missing/outbox");
  ASSERT_FALSE(box.ok());
  EXPECT_NE(box.error().text.find("/missing/outbox"), std::string::npos);
}

}  // namespace
}  // namespace stator::pools
