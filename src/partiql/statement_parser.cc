// The statements themselves. Tests: parse_test.cc.
#include <algorithm>

#include "errors/item.h"
#include "errors/partiql.h"
#include "partiql/parser_state.h"
#include "partiql/syntax.h"

namespace stator::partiql::internal {
namespace {

// What a SELECT of SQL can have and this language has not.
constexpr Bytes kUnsupportedClauses[] = {"LIMIT", "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT"};

class StatementParser {
 public:
  StatementParser(ParserState& state, StatementSyntax& syntax) : state_(state), lexer_(state.lexer), syntax_(syntax) {}

  Status Parse() {
    STATOR_OK(ParseStatement());
    if (lexer_.Take(TokenKind::kSemicolon) && !lexer_.at(TokenKind::kEnd)) {
      return Fail(errors::kStatementMalformed, "Unexpected token after semicolon. (Only one query is allowed.)");
    }
    if (!lexer_.at(TokenKind::kEnd)) return UnexpectedRest();
    if (state_.parameters_used != state_.parameters.size()) return Fail(errors::kParameterCount);
    return std::move(state_.later);
  }

 private:
  Status ParseStatement() {
    if (lexer_.TakeWord("SELECT")) return ParseSelect();
    if (lexer_.TakeWord("INSERT")) return ParseInsert();
    if (lexer_.TakeWord("UPDATE")) return ParseUpdate();
    if (lexer_.TakeWord("DELETE")) return ParseDelete();
    if (lexer_.TakeWord("EXISTS")) return ParseExists();
    return lexer_.Expected("data manipulation");
  }

  Status ParseSelect() {
    if (!lexer_.Take(TokenKind::kStar)) {
      STATOR_OK(ParseColumns());
    } else if (lexer_.at(TokenKind::kComma)) {
      return Fail(errors::kStatementMalformed, "Cannot mix * and other expressions in SELECT list");
    }
    if (!lexer_.TakeWord("FROM")) return lexer_.Expected("FROM after SELECT list");
    STATOR_OK(ParseSource());
    STATOR_OK(RefuseAlias());
    STATOR_OK(ParseWhere());
    return ParseOrder();
  }

  Status ParseColumns() {
    if (lexer_.at_word("FROM")) return Fail(errors::kStatementMalformed, "Cannot have empty SELECT list");
    auto& tree = syntax_.columns.emplace();
    do {
      const Token token = lexer_.current();
      const bool call = token.kind == TokenKind::kWord && lexer_.Peek().kind == TokenKind::kOpen;
      if (call || AtValue(state_)) return Fail(errors::kStatementPathComponent, lexer_.PositionOf(token));
      if (!lexer_.at_name()) return lexer_.Unexpected();
      uint32_t node = 0;
      STATOR_OK(ParsePath(state_, tree, &node));
      STATOR_OK(RefuseAlias());
    } while (lexer_.Take(TokenKind::kComma));
    return {};
  }

  // The name of a table, and of an index if a SELECT has one.
  Status ParseSource() {
    if (!lexer_.at_name()) {
      // A table whose name begins with a digit, without quotes: the digits, called by the rest.
      if (lexer_.at(TokenKind::kNumber) && lexer_.Peek().kind == TokenKind::kWord) return Fail(errors::kStatementAlias);
      if (lexer_.at(TokenKind::kString) || lexer_.at(TokenKind::kNumber) || lexer_.at(TokenKind::kParameter) ||
          lexer_.at(TokenKind::kOpen)) {
        return Fail(errors::kStatementFrom, lexer_.PositionOf(lexer_.current()));
      }
      return lexer_.Expected("identifier for simple path");
    }
    const Token table = lexer_.current();
    syntax_.table = state_.TakeName();
    if (!lexer_.Take(TokenKind::kDot)) return {};
    if (!lexer_.at_name()) return lexer_.Expected("identifier for simple path");
    syntax_.index = state_.TakeName();
    if (syntax_.kind != StatementKind::kSelect) {
      state_.Remember(Fail(errors::kStatementIndexWritten, lexer_.PositionOf(table)));
    }
    return {};
  }

  // SQL gives columns and tables other names: [AS] name.
  Status RefuseAlias() {
    const bool as = lexer_.TakeWord("AS");
    if (!as && !lexer_.at_name()) return {};
    if (!lexer_.at_name()) return lexer_.Expected("identifier for alias");
    lexer_.Advance();
    state_.Remember(Fail(errors::kStatementAlias));
    return {};
  }

  Status ParseWhere() {
    if (!lexer_.TakeWord("WHERE")) return {};
    ConditionSyntax& where = syntax_.where.emplace();
    return ParseCondition(state_, where.tree, &where.root);
  }

  Status ParseOrder() {
    if (!lexer_.TakeWord("ORDER")) return {};
    if (!lexer_.TakeWord("BY")) return lexer_.Expected("BY");
    do {
      if (!lexer_.at_name()) return lexer_.Unexpected();
      OrderBy& order = syntax_.order_by.emplace_back();
      order.attribute = state_.TakeName();
      if (!lexer_.TakeWord("ASC")) order.ascending = !lexer_.TakeWord("DESC");
    } while (lexer_.Take(TokenKind::kComma));
    return {};
  }

  Status ParseInsert() {
    syntax_.kind = StatementKind::kInsert;
    if (!lexer_.TakeWord("INTO")) return lexer_.Expected("INTO");
    STATOR_OK(ParseSource());
    if (!lexer_.TakeWord("VALUE")) return lexer_.Expected("VALUE");
    if (!lexer_.at(TokenKind::kOpenBrace)) return lexer_.Expected("{");
    STATOR_OK(ParseItem(state_, &syntax_.item));
    if (!lexer_.at_word("RETURNING")) return {};
    Bytes clause;
    STATOR_OK(ParseReturning(&clause));
    state_.Remember(Fail(errors::kReturningInInsert, clause));
    return {};
  }

  Status ParseUpdate() {
    syntax_.kind = StatementKind::kUpdate;
    STATOR_OK(ParseSource());
    if (!lexer_.at_word("SET") && !lexer_.at_word("REMOVE")) return lexer_.Expected("SET or REMOVE");
    STATOR_OK(ParseActions(state_, syntax_.update.emplace()));
    STATOR_OK(ParseWhere());
    Bytes clause;
    return ParseReturning(&clause);
  }

  Status ParseDelete() {
    syntax_.kind = StatementKind::kDelete;
    if (!lexer_.TakeWord("FROM")) return lexer_.Expected("FROM");
    STATOR_OK(ParseSource());
    STATOR_OK(ParseWhere());
    Bytes clause;
    STATOR_OK(ParseReturning(&clause));
    if (syntax_.returning != Returning::kNone && syntax_.returning != Returning::kAllOld) {
      state_.Remember(Fail(errors::kReturningInDelete, clause));
    }
    return {};
  }

  // `clause`: how an error names it.
  Status ParseReturning(Bytes* clause) {
    struct Form {
      Bytes which, state, text;
      Returning returning;
    };
    static constexpr Form kForms[] = {
        {"ALL", "OLD", "RETURNING ALL OLD *", Returning::kAllOld},
        {"ALL", "NEW", "RETURNING ALL NEW *", Returning::kAllNew},
        {"MODIFIED", "OLD", "RETURNING MODIFIED OLD *", Returning::kModifiedOld},
        {"MODIFIED", "NEW", "RETURNING MODIFIED NEW *", Returning::kModifiedNew},
    };
    if (!lexer_.TakeWord("RETURNING")) return {};
    const Token which = lexer_.current();
    if (!lexer_.TakeWord("ALL") && !lexer_.TakeWord("MODIFIED")) return lexer_.Expected("ALL or MODIFIED");
    const Token state = lexer_.current();
    if (!lexer_.TakeWord("OLD") && !lexer_.TakeWord("NEW")) return lexer_.Expected("OLD or NEW");
    if (!lexer_.Take(TokenKind::kStar)) return lexer_.Expected("*");
    for (const Form& form : kForms) {
      if (!EqualsKeyword(which.text, form.which) || !EqualsKeyword(state.text, form.state)) continue;
      *clause = form.text;
      syntax_.returning = form.returning;
    }
    return {};
  }

  Status ParseExists() {
    if (!lexer_.Take(TokenKind::kOpen)) return lexer_.Expected("(");
    if (!lexer_.TakeWord("SELECT")) return lexer_.Expected("SELECT");
    STATOR_OK(ParseSelect());
    if (!lexer_.Take(TokenKind::kClose)) return lexer_.Expected(")");
    syntax_.kind = StatementKind::kExists;
    return {};
  }

  // Something follows that no statement of this kind has.
  Error UnexpectedRest() const {
    if (lexer_.at(TokenKind::kInvalid) || lexer_.at(TokenKind::kUnended)) return lexer_.Unexpected();
    const Bytes text = lexer_.current().text;
    for (const Bytes clause : kUnsupportedClauses) {
      if (lexer_.at_word(clause)) return Fail(errors::kStatementClause, clause, lexer_.PositionOf(lexer_.current()));
    }
    const bool source_only = syntax_.kind == StatementKind::kSelect && !syntax_.where && syntax_.order_by.empty();
    if (source_only && text != ")") return Fail(errors::kStatementFrom, lexer_.PositionOf(lexer_.current()));
    return Fail(errors::kStatementMalformed, "Unexpected token after expression");
  }

  ParserState& state_;
  Lexer& lexer_;
  StatementSyntax& syntax_;
};

}  // namespace

Result<StatementSyntax> ParseSyntax(Bytes text, std::span<const std::string> parameters) {
  StatementSyntax syntax;
  ParserState state(text, parameters, syntax.texts);
  STATOR_OK(StatementParser(state, syntax).Parse());
  return syntax;
}

}  // namespace stator::partiql::internal
