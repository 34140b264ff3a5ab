#include "catalog/name.h"

#include <algorithm>

#include "errors/catalog.h"
#include "errors/dispatch.h"

namespace stator::catalog {
namespace {

constexpr size_t kMinName = 3;
constexpr size_t kMaxName = 255;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool HasNameCharacters(Bytes name) { return std::all_of(name.begin(), name.end(), IsNameCharacter); }

bool IsName(Bytes name) { return name.size() >= kMinName && name.size() <= kMaxName && HasNameCharacters(name); }

Status CheckLength(size_t length, NameFor use) {
  const size_t min = use == NameFor::kItems ? 1 : kMinName;
  if (length >= min && length <= kMaxName) return {};
  if (use == NameFor::kTable) return Fail(errors::kTableNameLength);
  return length < min ? Fail(errors::kShapeTooShort, "TableName", min)
                      : Fail(errors::kShapeTooLong, "TableName", kMaxName);
}

bool IsArn(Bytes text) { return text.substr(0, 4) == "arn:"; }

// The name of a table's ARN; empty if it is not one.
Bytes NameInArn(Bytes arn) {
  // arn : partition : service : region : account : resource
  Bytes part[5];
  for (Bytes& p : part) {
    const size_t colon = arn.find(':');
    if (colon == Bytes::npos) return {};
    p = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  constexpr Bytes kTable = "table/";
  if (part[0] != "arn" || part[1].empty() || part[2] != "dynamodb" || arn.substr(0, kTable.size()) != kTable) return {};
  if (part[4].empty() || part[4].find_first_not_of("0123456789") != Bytes::npos) return {};
  arn.remove_prefix(kTable.size());
  return IsName(arn) ? arn : Bytes();
}

}  // namespace

Result<Bytes> TableNameOf(Bytes name_or_arn, NameFor use) {
  if (IsArn(name_or_arn)) return TableNameOfResource(name_or_arn);
  STATOR_OK(CheckLength(name_or_arn.size(), use));
  if (!HasNameCharacters(name_or_arn)) return Fail(errors::kShapePattern, "TableName", "[a-zA-Z0-9_.-]+");
  return name_or_arn;
}

Result<Bytes> TableNameOfResource(Bytes arn) {
  const Bytes name = NameInArn(arn);
  if (name.empty()) return Fail(errors::kInvalidTableArn, arn);
  return name;
}

std::string TableArn(Bytes region, Bytes account, Bytes name) {
  std::string arn = "arn:aws:dynamodb:";
  return arn.append(region).append(":").append(account).append(":table/").append(name);
}

}  // namespace stator::catalog
