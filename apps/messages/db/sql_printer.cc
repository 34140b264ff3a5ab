#include "db/sql_printer.h"

#include <cstdio>

namespace stator::messages {
namespace {

void PrintTo(bool json, const std::string& text) {
  std::fprintf(json ? stderr : stdout, "%s\n", text.c_str());
  std::fflush(json ? stderr : stdout);
}

// As a text of SQL: quotes doubled. Line ends would leave the comment.
std::string Quoted(const Cell& cell) {
  if (!cell) return "NULL";
  std::string quoted = "'";
  for (const char c : *cell) {
    if (c == '\'') quoted.push_back('\'');
    quoted.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
  }
  return quoted + "'";
}

}  // namespace

std::string PrintedSql(Bytes sql, const Parameters& parameters) {
  std::string text(sql);
  for (size_t i = 0; i < parameters.size(); ++i) {
    text.append("\n-- $").append(std::to_string(i + 1)).append(" = ").append(Quoted(parameters[i]));
  }
  return text;
}

Watch SqlPrinter(const Session& session, bool wanted) {
  if (!wanted) return {};
  return [json = session.json](Bytes sql, const Parameters& parameters) { PrintTo(json, PrintedSql(sql, parameters)); };
}

void PrintCommand(const Session& session, bool wanted, const std::vector<std::string>& words) {
  if (!wanted) return;
  std::string text = "-- no SQL, but:";
  for (const std::string& word : words) text.append(" ").append(word);
  PrintTo(session.json, text);
}

}  // namespace stator::messages
