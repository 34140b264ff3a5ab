// Each statement, and what is wrong with the bad ones.
#include "partiql/parse.h"

#include <gtest/gtest.h>

#include "errors/partiql.h"
#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using testing::ErrorOf;
using testing::ItemText;
using testing::Malformed;
using testing::ParseAs;

TEST(ParseTest, LengthIsCountedInCharactersAndKnownBeforeAnythingElse) {
  const std::string megabyte(1 << 20, '(');
  EXPECT_EQ(Parse(megabyte, {}).error().id, errors::kStatementTooLong);
  std::string longest = "SELECT * FROM tab WHERE a = '";
  while (longest.size() < 8190) longest += 'x';
  EXPECT_EQ(ErrorOf(longest + "\xc3\xa4'"), "");
  EXPECT_EQ(Parse(longest + "xx'", {}).error().id, errors::kStatementTooLong);
}

TEST(ParseTest, SelectNamesTableIndexAndOrder) {
  const auto plain = ParseAs<Select>("select * from Music");
  EXPECT_EQ(plain.from.table, "Music");
  EXPECT_EQ(plain.from.index, "");
  EXPECT_FALSE(plain.columns);
  EXPECT_TRUE(plain.where.empty());
  EXPECT_TRUE(plain.order_by.empty());
  const auto full =
      ParseAs<Select>("SELECT a, b.c FROM \"my-table\".\"by \"\"x\"\"\" WHERE a = 1 ORDER BY a, \"b c\" DESC, d ASC;");
  EXPECT_EQ(full.from.table, "my-table");
  EXPECT_EQ(full.from.index, "by \"x\"");
  EXPECT_EQ(full.columns->TopLevelNames(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(full.columns->NestedNames(), std::vector<std::string>{"b"});
  ASSERT_EQ(full.order_by.size(), 3);
  EXPECT_EQ(full.order_by[1].attribute, "b c");
  EXPECT_TRUE(full.order_by[0].ascending);
  EXPECT_FALSE(full.order_by[1].ascending);
  EXPECT_TRUE(full.order_by[2].ascending);
}

TEST(ParseTest, TablesMayBeArns) {
  const auto select = ParseAs<Select>("SELECT * FROM \"arn:aws:dynamodb:us-east-1:000000000000:table/Music\"");
  EXPECT_EQ(select.from.table, "arn:aws:dynamodb:us-east-1:000000000000:table/Music");
}

TEST(ParseTest, SpacesAndCommentsSeparate) {
  const auto select = ParseAs<Select>("SELECT--all\n*/* every \n one */FROM\t\r\nMusic -- of it");
  EXPECT_EQ(select.from.table, "Music");
}

TEST(ParseTest, InsertTakesOneTuple) {
  const auto insert = ParseAs<Insert>("INSERT INTO \"Music\" VALUE {'a': 'x', 'b': {'c': [1, ?]}, 'a': ?}",
                                      {R"({"B": "aGVsbG8="})", R"({"NULL": true})"});
  EXPECT_EQ(insert.into.table, "Music");
  EXPECT_EQ(ItemText(insert.item), R"({"a":{"NULL":true},"b":{"M":{"c":{"L":[{"N":"1"},{"B":"aGVsbG8="}]}}}})");
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUE {}"), "");
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUES {'a': 1}"), Malformed("Expected VALUE"));
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUE [1]"), Malformed("Expected {"));
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUE ?", {R"({"M": {}})"}), Malformed("Expected {"));
  EXPECT_EQ(ErrorOf("INSERT Music VALUE {'a': 1}"), Malformed("Expected INTO"));
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUE {'a': 1} RETURNING ALL OLD *"),
            "Invalid returning clause: RETURNING ALL OLD *. RETURNING is not allowed in INSERT statements.");
}

TEST(ParseTest, UpdateHasAllFormsOfReturning) {
  const auto returning = [](Bytes clause) {
    return ParseAs<Update>("UPDATE Music SET a = 1 WHERE k = 2 " + std::string(clause)).returning;
  };
  EXPECT_EQ(returning(""), Returning::kNone);
  EXPECT_EQ(returning("RETURNING ALL OLD *"), Returning::kAllOld);
  EXPECT_EQ(returning("returning all new *"), Returning::kAllNew);
  EXPECT_EQ(returning("RETURNING MODIFIED OLD *"), Returning::kModifiedOld);
  EXPECT_EQ(returning("RETURNING MODIFIED NEW *"), Returning::kModifiedNew);
  EXPECT_EQ(ErrorOf("UPDATE Music SET a = 1 RETURNING a"), Malformed("Expected ALL or MODIFIED"));
  EXPECT_EQ(ErrorOf("UPDATE Music SET a = 1 RETURNING ALL *"), Malformed("Expected OLD or NEW"));
  EXPECT_EQ(ErrorOf("UPDATE Music SET a = 1 RETURNING ALL OLD a"), Malformed("Expected *"));
  EXPECT_EQ(ErrorOf("UPDATE Music WHERE k = 2"), Malformed("Expected SET or REMOVE"));
}

TEST(ParseTest, DeleteReturnsAllOldOnly) {
  const auto erase = ParseAs<Delete>("DELETE FROM Music WHERE k = 'x' RETURNING ALL OLD *");
  EXPECT_EQ(erase.from.table, "Music");
  EXPECT_EQ(erase.returning, Returning::kAllOld);
  EXPECT_TRUE(ParseAs<Delete>("DELETE FROM Music").where.empty());
  for (const std::string which : {"ALL NEW", "MODIFIED OLD", "MODIFIED NEW"}) {
    EXPECT_EQ(ErrorOf("DELETE FROM Music WHERE k = 'x' RETURNING " + which + " *"),
              "Invalid returning clause: RETURNING " + which +
                  " *. Only RETURNING ALL OLD * is allowed in DELETE statements.");
  }
}

TEST(ParseTest, ExistsHoldsASelect) {
  const auto exists = ParseAs<Exists>("EXISTS(SELECT * FROM Music WHERE k = 'x' AND a = 1)");
  EXPECT_EQ(exists.select.from.table, "Music");
  EXPECT_EQ(exists.select.where.conjuncts().size(), 2);
  EXPECT_EQ(ErrorOf("EXISTS SELECT * FROM Music"), Malformed("Expected ("));
  EXPECT_EQ(ErrorOf("EXISTS(DELETE FROM Music)"), Malformed("Expected SELECT"));
  EXPECT_EQ(ErrorOf("EXISTS(SELECT * FROM Music"), Malformed("Expected )"));
}

TEST(ParseTest, ParametersMustBeAsManyAsTheStatementHas) {
  const Bytes one = R"({"N": "1"})";
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = ? AND b IN (?, ?)", {one, one, one}), "");
  for (const std::vector<Bytes>& wrong : {std::vector<Bytes>{}, {one}, {one, one}, {one, one, one, one}}) {
    EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = ? AND b IN (?, ?)", wrong),
              "Number of parameters in request and statement don't match.");
  }
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1", {one}),
            "Number of parameters in request and statement don't match.");
  // Before what is wrong with operands, after what is wrong with syntax.
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE foo(a) AND b = ?"),
            "Number of parameters in request and statement don't match.");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE b = ? AND"), Malformed("Unexpected term"));
}

TEST(ParseTest, OnlyStatementsAreStatements) {
  for (const Bytes text : {"", "  ", "-- SELECT", "SELEC * FROM Music", "DROP TABLE Music", "CREATE", "(SELECT 1)", "?",
                           "'SELECT'", "\"SELECT\" * FROM Music", "5", ";"}) {
    EXPECT_EQ(ErrorOf(text), Malformed("Expected data manipulation")) << text;
  }
}

TEST(ParseTest, SelectListsAreOfPaths) {
  EXPECT_EQ(ErrorOf("SELECT FROM Music"), Malformed("Cannot have empty SELECT list"));
  EXPECT_EQ(ErrorOf("SELECT *, a FROM Music"), Malformed("Cannot mix * and other expressions in SELECT list"));
  EXPECT_EQ(ErrorOf("SELECT a, * FROM Music"), Malformed("Unexpected operator"));
  EXPECT_EQ(ErrorOf("SELECT COUNT(*) FROM Music"), "Unexpected path component at 1:8:5");
  EXPECT_EQ(ErrorOf("SELECT a,\n  size(b) FROM Music"), "Unexpected path component at 2:3:4");
  EXPECT_EQ(ErrorOf("SELECT 'a' FROM Music"), "Unexpected path component at 1:8:3");
  EXPECT_EQ(ErrorOf("SELECT a.* FROM Music"), "Unexpected path component at 1:10:1");
  EXPECT_EQ(ErrorOf("SELECT a[*] FROM Music"), "Unexpected path component at 1:10:1");
  EXPECT_EQ(ErrorOf("SELECT a[1.5] FROM Music"), "Unexpected path component at 1:10:3");
  EXPECT_EQ(ErrorOf("SELECT a['b'] FROM Music"), "Unexpected path component at 1:10:3");
  EXPECT_EQ(ErrorOf("SELECT a[0 FROM Music"), Malformed("Expected ]"));
  EXPECT_EQ(ErrorOf("SELECT a. FROM Music"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(ErrorOf("SELECT DISTINCT a FROM Music"), Malformed("Unexpected keyword"));
  EXPECT_EQ(ErrorOf("SELECT VALUE a FROM Music"), Malformed("Unexpected keyword"));
  EXPECT_EQ(ErrorOf("SELECT a AS b FROM Music"), "Aliasing is not supported");
  EXPECT_EQ(ErrorOf("SELECT a b, c \"d\" FROM Music"), "Aliasing is not supported");
  EXPECT_EQ(ErrorOf("SELECT a AS FROM Music"), Malformed("Expected identifier for alias"));
  EXPECT_EQ(ErrorOf("SELECT *"), Malformed("Expected FROM after SELECT list"));
  EXPECT_EQ(ErrorOf("SELECT a,"), Malformed("Unexpected term"));
}

TEST(ParseTest, SourcesAreTablesOrIndexes) {
  EXPECT_EQ(ErrorOf("SELECT * FROM"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(ErrorOf("SELECT * FROM 'Music'"), "Unexpected from source at 1:15:7");
  EXPECT_EQ(ErrorOf("SELECT * FROM ?"), "Unexpected from source at 1:15:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM (SELECT * FROM Music)"), "Unexpected from source at 1:15:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music m WHERE m.a = 1"), "Aliasing is not supported");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music.i AS \"m\""), "Aliasing is not supported");
  EXPECT_EQ(ErrorOf("SELECT * FROM 2Music"), "Aliasing is not supported");
  EXPECT_EQ(ErrorOf("SELECT * FROM 2"), "Unexpected from source at 1:15:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music, Other"), "Unexpected from source at 1:20:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM my-table"), "Unexpected from source at 1:17:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM a.b.c"), "Unexpected from source at 1:18:1");
  const std::string written = "FROM clause may only contain a single table name in data manipulation statements at ";
  EXPECT_EQ(ErrorOf("INSERT INTO abcd.\"by g\" VALUE {'a': 1}"), written + "1:13:4");
  EXPECT_EQ(ErrorOf("UPDATE abc.i SET c = 1 WHERE d = 2"), written + "1:8:3");
  EXPECT_EQ(ErrorOf("DELETE FROM abc.i"), written + "1:13:3");
  EXPECT_EQ(ErrorOf("SELECT * FROM \"\""),
            "One or more parameter values were invalid: Attribute name must not be empty");
}

TEST(ParseTest, ClausesOfOtherLanguagesAreNamed) {
  EXPECT_EQ(ErrorOf("SELECT * FROM Music LIMIT 5"), "Unsupported clause: LIMIT at 1:21:5");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1 group BY a"), "Unsupported clause: GROUP at 1:33:5");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a LIKE 'x%'"), "Unsupported operator: LIKE at 1:29:4");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a NOT LIKE 'x%'"), "Unsupported operator: LIKE at 1:33:4");
}

TEST(ParseTest, NothingMayFollow) {
  EXPECT_EQ(ErrorOf("SELECT * FROM Music;"), "");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music; SELECT * FROM Music"),
            Malformed("Unexpected token after semicolon. (Only one query is allowed.)"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1 b"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1)"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(ErrorOf("INSERT INTO Music VALUE {'a': 1}, {'a': 2}"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(ErrorOf("DELETE FROM Music WHERE a = 1 RETURNING ALL OLD * x"),
            Malformed("Unexpected token after expression"));
}

TEST(ParseTest, KeywordsAreNamesOnlyInQuotes) {
  EXPECT_EQ(ErrorOf("SELECT size FROM Music"), Malformed("Unexpected keyword"));
  EXPECT_EQ(ErrorOf("SELECT \"size\", \"select\" FROM \"table\" WHERE \"value\" = 1"), "");
  EXPECT_EQ(ErrorOf("SELECT name, status, year, data FROM Music"), "");
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE value = 1"), Malformed("Unexpected keyword"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a.value = 1"), Malformed("Expected identifier for simple path"));
}

TEST(ParseTest, BrokenTokensAreNamedByTheirPlace) {
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = `1`"), Malformed("Invalid character at 1:31:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = \xc3\xa4"), Malformed("Invalid character at 1:31:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1 #"), Malformed("Invalid character at 1:33:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = '\xc3\xa4' AND\nb = 'x"),
            Malformed("Unexpected end of input; what has no end begins at 2:5:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM \"Music"), Malformed("Unexpected end of input; what has no end begins at 1:15:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music /* and"),
            Malformed("Unexpected end of input; what has no end begins at 1:21:1"));
  EXPECT_EQ(ErrorOf("SELECT * FROM Music WHERE a = 1 'b"),
            Malformed("Unexpected end of input; what has no end begins at 1:33:1"));
}

TEST(ParseTest, DepthIsAnErrorAndNothingWorse) {
  const std::string head = "SELECT * FROM Music WHERE ";
  const auto times = [](size_t count, Bytes text) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  EXPECT_EQ(ErrorOf(head + times(4000, "(")), Malformed("Unexpected term"));
  EXPECT_EQ(ErrorOf(head + times(4000, "(") + "a = 1" + times(4000, ")")), "");
  EXPECT_EQ(ErrorOf(head + times(4000, "(") + "a = 1" + times(3999, ")")), Malformed("Expected )"));
  EXPECT_EQ(ErrorOf(head + "a = " + times(4000, "(") + "1" + times(4000, ")")), "");
  EXPECT_EQ(ErrorOf(head + times(1000, "NOT ") + "a = 1"),
            "The expression contains too many operators; operator count: 1001");
  EXPECT_EQ(ErrorOf(head + "a = " + times(4000, "[")),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
            "limit");
  EXPECT_EQ(ErrorOf(head + "a = " + times(4000, "<<")), ErrorOf(head + "a = " + times(4000, "[")));
  EXPECT_EQ(ErrorOf(head + "a = " + times(1000, "{'a':")), ErrorOf(head + "a = " + times(4000, "[")));
  EXPECT_EQ(ErrorOf("SELECT a" + times(2500, "[0]") + " FROM Music"),
            "The document path has too many nesting elements; nesting levels: 2501");
}

}  // namespace
}  // namespace stator::partiql
