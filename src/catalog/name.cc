#include "catalog/name.h"

namespace stator::catalog {
namespace {

constexpr size_t kMinName = 3;
constexpr size_t kMaxName = 255;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool IsName(Bytes name) {
  for (const char c : name) {
    if (!IsNameCharacter(c)) return false;
  }
  return name.size() >= kMinName && name.size() <= kMaxName;
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

Result<Bytes> TableNameOf(Bytes name_or_arn) {
  if (IsArn(name_or_arn)) {
    const Bytes name = NameInArn(name_or_arn);
    if (name.empty()) return Fail(ErrorId::kInvalidTableArn, name_or_arn);
    return name;
  }
  STATOR_OK(CheckNewTableName(name_or_arn));
  return name_or_arn;
}

Status CheckNewTableName(Bytes name) {
  if (name.size() < kMinName || name.size() > kMaxName) return Fail(ErrorId::kTableNameLength);
  if (!IsName(name)) return Fail(ErrorId::kShapePattern, "TableName", "[a-zA-Z0-9_.-]+");
  return {};
}

Result<Bytes> TableNameOfResource(Bytes arn) {
  const Bytes name = NameInArn(arn);
  if (name.empty()) return Fail(ErrorId::kInvalidTableArn, arn);
  return name;
}

std::string TableArn(Bytes region, Bytes account, Bytes name) {
  std::string arn = "arn:aws:dynamodb:";
  return arn.append(region).append(":").append(account).append(":table/").append(name);
}

}  // namespace stator::catalog
