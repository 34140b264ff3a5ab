// The commands about user pools, against a server that is a function.
#include "cli/pools.h"

#include <gtest/gtest.h>

#include "cli/cli_testing.h"
#include "cli/columns.h"
#include "cli/outbox.h"
#include "cli/users.h"
#include "errors/client.h"

namespace stator::cli {
namespace {

using client::Answer;

constexpr char kTwoPools[] = R"({"UserPools":[{"Id":"us-east-1_b","Name":"web","CreationDate":1000.5},)"
                             R"({"Id":"us-east-1_a","Name":"app","CreationDate":2000}]})";

TEST(Columns, AlignByCharactersAndHideControls) {
  EXPECT_EQ(Align({{"A", "B", "C"}, {"żółw", "x", "10"}, {"a\x1b[2J", "yy\xc2\x9b", "7"}}, 2),
            "A      B     C\n"
            "żółw   x    10\n"
            "a?[2J  yy?   7\n");
}

TEST(Pools, AreListedWithClientsTriggersAndUsers) {
  FakeServer server;
  const auto client = server.Connect([](const std::string& what, const std::string& body) {
    if (what == "ListUserPools") return Answer(200, kTwoPools);
    if (what == "DescribeUserPool" && body.find("_a") != std::string::npos) {
      return Answer(200, R"({"UserPool":{"EstimatedNumberOfUsers":1200,"LambdaConfig":{"PostConfirmation":"arn:x"}}})");
    }
    if (what == "DescribeUserPool") return Answer(200, R"({"UserPool":{}})");
    if (body.find("_b") != std::string::npos) return Answer(200, R"({"UserPoolClients":[]})");
    return Answer(200, R"({"UserPoolClients":[{"ClientId":"1x","ClientName":"web"}]})");
  });
  const auto rows = ReadPools(*client);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(PoolsTable(*rows, Time{2'030'000'000}),
            "NAME  POOL         CLIENTS  TRIGGERS          USERS     CREATED\n"
            "app   us-east-1_a  web 1x   PostConfirmation  1,200    30 s ago\n"
            "web   us-east-1_b  -        -                     0  17 min ago\n");
  EXPECT_EQ(PoolsJson(*rows),
            R"({"Pools":[{"Id":"us-east-1_a","Name":"app","Users":1200,"CreationDate":2000,)"
            R"("Clients":[{"ClientId":"1x","ClientName":"web"}],"Triggers":["PostConfirmation"]},)"
            R"({"Id":"us-east-1_b","Name":"web","Users":0,"CreationDate":1000,"Clients":[],"Triggers":[]}]})"
            "\n");
  EXPECT_EQ(PoolsTable({}, Time()), "no user pools\n");
}

TEST(Pools, AreFoundByIdNameOrBecauseThereIsOnlyOne) {
  FakeServer server;
  std::string pools = kTwoPools;
  const auto client = server.Connect([&](const std::string&, const std::string&) { return Answer(200, pools); });
  EXPECT_EQ(*FindPool(*client, "us-east-1_b"), "us-east-1_b");
  EXPECT_EQ(*FindPool(*client, "app"), "us-east-1_a");
  EXPECT_EQ(FindPool(*client, "").error().id, errors::kWhichPool);
  const auto none = FindPool(*client, "other");
  EXPECT_EQ(none.error().id, errors::kNoSuchPool);
  EXPECT_NE(none.error().text.find("web (us-east-1_b), app (us-east-1_a)"), std::string::npos);
  pools = R"({"UserPools":[{"Id":"us-east-1_a","Name":"app"}]})";
  EXPECT_EQ(*FindPool(*client, ""), "us-east-1_a");
  pools = R"({"UserPools":[]})";
  EXPECT_EQ(FindPool(*client, "").error().id, errors::kNoPools);
  pools = "[]";
  EXPECT_EQ(FindPool(*client, "").error().id, errors::kNotDynamoDb);
}

TEST(Users, AreListedByPages) {
  FakeServer server;
  const auto client = server.Connect([](const std::string&, const std::string& body) {
    if (body.find("PaginationToken") != std::string::npos) {
      return Answer(200, R"({"Users":[{"Username":"teo","Attributes":[{"Name":"sub","Value":"2"}],)"
                         R"("UserStatus":"UNCONFIRMED","Enabled":false,"UserCreateDate":60}]})");
    }
    return Answer(200, R"({"Users":[{"Username":"nora","Attributes":[{"Name":"sub","Value":"1"},)"
                       R"({"Name":"email","Value":"n@example.com"},{"Name":"email_verified","Value":"true"},)"
                       R"({"Name":"name","Value":"Nora"}],"UserStatus":"CONFIRMED","Enabled":true,)"
                       R"("UserCreateDate":0.5}],"PaginationToken":"t"})");
  });
  const auto rows = ReadUsers(*client, "us-east-1_a", "name ^= \"x\"");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(server.asked[1].Text(),
            R"(ListUsers {"UserPoolId":"us-east-1_a","Filter":"name ^= \"x\"","PaginationToken":"t"})");
  EXPECT_EQ(UsersTable(*rows, Time{120'000'000}),
            "USER  STATUS                 CONTACT        VERIFIED  NAME  SUB    CREATED\n"
            "nora  CONFIRMED              n@example.com  yes       Nora  1    2 min ago\n"
            "teo   UNCONFIRMED, disabled  -              -         -     2    1 min ago\n");
  EXPECT_TRUE(UsersJson(*rows).starts_with(R"({"Users":[{"Username":"nora","Attributes":[{"Name":"sub")"));
  EXPECT_EQ(UsersTable({}, Time()), "no users\n");
}

TEST(Users, AreCreatedWithAPasswordToStay) {
  FakeServer server;
  const auto client = server.Connect([](const std::string& what, const std::string&) {
    return what == "AdminCreateUser"
               ? Answer(200, R"({"User":{"Username":"nora","Attributes":[{"Name":"sub","Value":"s1"}]}})")
               : Answer(200, "{}");
  });
  NewUser user;
  user.username = "nora";
  user.attributes = {{"email", "n@example.com"}};
  user.password = "Passw0rd!";
  EXPECT_EQ(*CreateUser(*client, "us-east-1_a", user), "s1");
  EXPECT_EQ(server.Texts(),
            (std::vector<std::string>{
                R"(AdminCreateUser {"UserPoolId":"us-east-1_a","Username":"nora","UserAttributes":)"
                R"([{"Name":"email","Value":"n@example.com"},{"Name":"email_verified","Value":"true"}],)"
                R"("TemporaryPassword":"Passw0rd!","MessageAction":"SUPPRESS"})",
                R"(AdminSetUserPassword {"UserPoolId":"us-east-1_a","Username":"nora","Password":"Passw0rd!",)"
                R"("Permanent":true})"}));
  server.asked.clear();
  user.password.clear();
  EXPECT_TRUE(CreateUser(*client, "us-east-1_a", user).ok());
  EXPECT_EQ(server.Texts(), (std::vector<std::string>{
                                R"(AdminCreateUser {"UserPoolId":"us-east-1_a","Username":"nora","UserAttributes":)"
                                R"([{"Name":"email","Value":"n@example.com"}]})"}));
}

TEST(Users, AttributesAreWrittenWithAnEqualsSign) {
  EXPECT_EQ(*ParseAttribute("custom:team=a=b"), (std::pair<std::string, std::string>("custom:team", "a=b")));
  EXPECT_EQ(ParseAttribute("name").error().id, errors::kBadAttribute);
  EXPECT_EQ(ParseAttribute("=x").error().id, errors::kBadAttribute);
}

TEST(OutboxTail, PrintsEachLetterOnce) {
  FakeServer server;
  std::string letters = R"({"id":7,"time":"2026-11-20T16:42:10.123Z","user":"no\u001bra","kind":"SignUp",)"
                        R"("destination":"n@example.com","code":"123456"})";
  const auto client = server.Connect(
      [&](const std::string&, const std::string&) { return Answer(200, R"({"messages":[)" + letters + "]}"); });
  OutboxTail tail(*client, {"us-east-1_a", "n@x", false});
  std::string out;
  const auto print = [&out](Bytes lines) { out.append(lines); };
  ASSERT_TRUE(tail.Read(print).ok());
  EXPECT_EQ(out, "2026-11-20 16:42:10  no?ra  123456  code to confirm the sign-up, to n@example.com\n");
  EXPECT_EQ(server.asked[0].Text(), "/_stator/outbox?after=0&pool=us%2Deast%2D1%5Fa&user=n%40x ");
  letters += R"(,{"id":8,"time":"2026-11-20T16:43:00.000Z","user":"teo","kind":"AdminCreateUser","code":"Abc"})";
  out.clear();
  ASSERT_TRUE(tail.Read(print).ok());
  EXPECT_EQ(out, "2026-11-20 16:43:00  teo  Abc  temporary password\n");
  EXPECT_TRUE(server.asked[1].Text().starts_with("/_stator/outbox?after=7&"));
}

}  // namespace
}  // namespace stator::cli
