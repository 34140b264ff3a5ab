// Each optional part is taken from the front if it is there as a whole, as the model's regular expressions would.
#include "functions/name.h"

#include <algorithm>
#include <optional>

#include "errors/common.h"
#include "errors/functions.h"

namespace stator::functions {
namespace {

constexpr std::string_view kLatest = "$LATEST";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLetter(char c) { return IsLower(c) || (c >= 'A' && c <= 'Z'); }
bool IsNameByte(char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; }

bool All(Bytes text, bool (*allowed)(char)) { return !text.empty() && std::all_of(text.begin(), text.end(), allowed); }

bool Take(Bytes* rest, Bytes literal) {
  if (!rest->starts_with(literal)) return false;
  rest->remove_prefix(literal.size());
  return true;
}

// What stands before the next colon; the colon is taken, too.
std::optional<Bytes> TakePart(Bytes* rest) {
  const size_t colon = rest->find(':');
  if (colon == Bytes::npos) return std::nullopt;
  const Bytes part = rest->substr(0, colon);
  rest->remove_prefix(colon + 1);
  return part;
}

// "aws", "aws-cn", or nothing.
bool IsPartition(Bytes text) {
  if (text.empty()) return true;
  return Take(&text, "aws") && std::all_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || c == '-'; });
}

// "us-east-1", "us-gov-west-1", "us-isob-east-1".
bool IsRegion(Bytes text) {
  if (text.size() < 6 || !IsLower(text[0]) || !IsLower(text[1])) return false;
  text.remove_prefix(2);
  if (text.starts_with("-gov-")) {
    text.remove_prefix(4);
  } else if (text.starts_with("-iso") && text.find('-', 1) <= 5) {
    text.remove_prefix(text.find('-', 1));
  }
  const size_t dash = text.rfind('-');
  return text[0] == '-' && dash > 1 && All(text.substr(1, dash - 1), IsLower) && text.size() == dash + 2 &&
         IsDigit(text.back());
}

bool IsAccount(Bytes text) { return text.size() == 12 && All(text, IsDigit); }

// The part before the next colon if it is what `is` says; else nothing is taken.
Bytes TakeIf(Bytes* rest, bool (*is)(Bytes)) {
  Bytes after = *rest;
  const auto part = TakePart(&after);
  if (!part || !is(*part)) return {};
  *rest = after;
  return *part;
}

bool Parse(Bytes rest, bool (*name_byte)(char), Name* name) {
  Bytes after = rest;
  if (Take(&after, "arn:")) {
    const auto partition = TakePart(&after);
    if (partition && IsPartition(*partition) && Take(&after, "lambda:")) rest = after;
  }
  name->region = TakeIf(&rest, IsRegion);
  TakeIf(&rest, IsAccount);
  Take(&rest, "function:");
  const size_t colon = rest.find(':');
  name->name = rest.substr(0, colon);
  name->qualifier = colon == Bytes::npos ? Bytes() : rest.substr(colon + 1);
  const bool qualified = colon == Bytes::npos || name->qualifier == kLatest || All(name->qualifier, IsNameByte);
  return All(name->name, name_byte) && qualified;
}

bool IsRoleByte(char c) { return IsNameByte(c) || Bytes("+=,.@/").find(c) != Bytes::npos; }

}  // namespace

bool ParseName(Bytes text, Name* name) { return Parse(text, IsNameByte, name); }

Result<Name> ReadName(Bytes text, Bytes qualifier) {
  Name name;
  // Dots pass the model where a name is only looked up; there is no such function.
  if (!Parse(
          text, [](char c) { return IsNameByte(c) || c == '.'; }, &name))
    return Fail(errors::kInternal);
  if (!qualifier.empty() && !name.qualifier.empty() && name.qualifier != qualifier) {
    return Fail(errors::kQualifierMismatch);
  }
  if (!qualifier.empty()) name.qualifier = qualifier;
  return name;
}

bool IsVersion(Bytes qualifier) { return qualifier == kLatest || All(qualifier, IsDigit); }

bool IsFunctionName(std::string_view text) {
  Name name;
  return Parse(text, IsNameByte, &name);
}

bool IsNamespacedFunctionName(std::string_view text) {
  Name name;
  return Parse(
      text, [](char c) { return IsNameByte(c) || c == '.'; }, &name);
}

bool IsQualifier(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return IsNameByte(c) || c == '$'; });
}

bool IsRoleArn(std::string_view text) {
  Bytes rest = text;
  if (!Take(&rest, "arn:")) return false;
  const auto partition = TakePart(&rest);
  if (!partition || !IsPartition(*partition) || !Take(&rest, "iam::")) return false;
  if (TakeIf(&rest, IsAccount).empty() || !Take(&rest, "role")) return false;
  Take(&rest, "/");
  return All(rest, IsRoleByte);
}

bool IsAlias(std::string_view text) { return All(text, IsNameByte) && !All(text, IsDigit); }

}  // namespace stator::functions
