#include "catalog/resource_policy.h"

#include <gtest/gtest.h>

namespace stator::catalog {
namespace {

const std::string kStatement = R"({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
  "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:eu-west-1:000000000000:table/t"})";

std::string Document(const std::string& statement) {
  return R"({"Version": "2012-10-17", "Statement": )" + statement + "}";
}

std::string Check(const std::string& text) {
  const Status status = CheckPolicy(text);
  return status.ok() ? "" : status.error().text;
}

TEST(ResourcePolicy, Documents) {
  std::string two = "[";
  two.append(kStatement).append(",").append(kStatement).append("]");
  for (const std::string& text : {
           Document(kStatement),
           Document(two),
           R"({"statement": )" + kStatement + "}",
           Document(R"({"effect": "Deny", "NotPrincipal": {"AWS": ["1", "2"]}, "NotAction": ["dynamodb:*"],
                        "NotResource": ["*"], "Sid": "x", "Condition": {"StringEquals": {"aws:SourceVpce": "v"}}})"),
           Document(R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})"),
       }) {
    EXPECT_EQ(Check(text), "") << text;
  }
}

TEST(ResourcePolicy, Refused) {
  const auto statement = [](const std::string& rest) {
    return Document(R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*")" + rest + "}");
  };
  const std::string invalid = "Invalid policy document: ";
  const std::pair<std::string, std::string> cases[] = {
      {"", invalid + "This policy contains invalid Json"},
      {"{", invalid + "This policy contains invalid Json"},
      {"[]", invalid + "This policy contains invalid Json"},
      {"{}", invalid + "Missing required field Statement"},
      {R"({"Version": "2012-10-18", "Statement": []})", invalid + "Invalid value in field Version"},
      {R"({"Statements": []})", invalid + "Unknown field Statements"},
      {Document("[]"), invalid + "Invalid value in field Statement"},
      {Document("[5]"), invalid + "Invalid value in field Statement"},
      {Document("{}"), invalid + "Missing required field Effect"},
      {Document(R"({"Effect": "allow"})"), invalid + "Invalid value in field Effect"},
      {Document(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})"),
       invalid + "Missing required field Principal"},
      {Document(R"({"Effect": "Allow", "Principal": "me", "Action": "*", "Resource": "*"})"),
       invalid + "Invalid value in field Principal"},
      {Document(R"({"Effect": "Allow", "Principal": {"AWS": []}, "Action": "*", "Resource": "*"})"),
       invalid + "Invalid value in field Principal"},
      {Document(R"({"Effect": "Allow", "Principal": "*", "Action": [""], "Resource": "*"})"),
       invalid + "Invalid value in field Action"},
      {Document(R"({"Effect": "Allow", "Principal": "*", "Action": "*"})"),
       invalid + "Missing required field Resource"},
      {statement(R"(, "NotAction": "*")"), invalid + "Action and NotAction cannot both be specified"},
      {statement(R"(, "Condition": {"StringEquals": "x"})"), invalid + "Invalid value in field Condition"},
      {statement(R"(, "Sid": 5)"), invalid + "Invalid value in field Sid"},
      {statement(R"(, "Sids": "")"), invalid + "Unknown field Sids"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Check(text), error) << text;
}

TEST(ResourcePolicy, SizeCountsSpaces) {
  std::string text = Document(kStatement);
  text.append(kMaxPolicyBytes - text.size(), ' ');
  EXPECT_EQ(Check(text), "");
  EXPECT_NE(Check(text + " "), "");
}

class Revisions : public testing::Test {
 protected:
  // The revision there is then, or the name of the error.
  std::string Put(const std::string& text, const std::string& expected = "") {
    return Keep(WithPolicy(table_, {stream_, "arn", expected}, text, now_));
  }
  std::string Remove(const std::string& expected = "") {
    return Keep(WithoutPolicy(table_, {stream_, "arn", expected}));
  }
  std::string Keep(Result<TableSchema> next) {
    if (!next.ok()) return std::string(NameOf(next.error().id));
    table_ = *std::move(next);
    const ResourcePolicy* found = FindPolicy(table_, stream_);
    return found ? found->revision : "none";
  }

  TableSchema table_;
  std::string stream_;
  Time now_{1'700'000'000'000'000};
};

TEST_F(Revisions, GrowAndAreExpected) {
  const std::string first = Put("a", "NO_POLICY");
  EXPECT_EQ(first, "1700000000000");
  EXPECT_EQ(Put("a"), first) << "nothing changes";
  EXPECT_EQ(Put("b", "NO_POLICY"), "kPolicyRevisionNotFound");
  EXPECT_EQ(Put("b", "17"), "kPolicyRevisionNotFound");
  const std::string second = Put("b", first);
  EXPECT_GT(second, first) << "though no time passed";
  EXPECT_EQ(FindPolicy(table_, "")->text, "b");
  EXPECT_EQ(Remove(first), "kPolicyRevisionNotFound");
  EXPECT_EQ(Remove(second), "none");
  EXPECT_EQ(Remove(), "none");
  EXPECT_EQ(Remove(second), "kPolicyRevisionNotFound");
  EXPECT_EQ(Remove("NO_POLICY"), "kPolicyRevisionNotFound");
  EXPECT_EQ(Put("b", second), "kPolicyRevisionNotFound");
}

TEST_F(Revisions, StreamsHaveTheirOwn) {
  Put("of the table");
  stream_ = "2026-11-20T10:00:00.123";
  EXPECT_EQ(Put("of the stream", "NO_POLICY"), "1700000000000");
  EXPECT_EQ(FindPolicy(table_, "")->text, "of the table");
  Remove();
  EXPECT_EQ(FindPolicy(table_, "")->text, "of the table");
}

TEST_F(Revisions, GoWithTheirStreams) {
  Put("of the table");
  for (const char* label : {"first", "second"}) {
    stream_ = label;
    Put("of a stream");
  }
  ForgetPolicies(&table_, [](Bytes label) { return label == "first"; });
  EXPECT_EQ(FindPolicy(table_, "first"), nullptr);
  EXPECT_NE(FindPolicy(table_, "second"), nullptr);
  ForgetPolicies(&table_, [](Bytes) { return true; });
  EXPECT_EQ(table_.policies.size(), 1u);
  EXPECT_EQ(FindPolicy(table_, "")->text, "of the table");
}

}  // namespace
}  // namespace stator::catalog
