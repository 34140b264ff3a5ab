#include "catalog/validate_settings.h"

#include <algorithm>

#include "base/random.h"
#include "base/utf8.h"
#include "errors/catalog.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

constexpr size_t kMaxTagKey = 128;    // characters
constexpr size_t kMaxTagValue = 256;  // characters

auto FindTag(Tags& tags, Bytes key) {
  return std::find_if(tags.begin(), tags.end(), [key](const auto& tag) { return tag.first == key; });
}

Status CheckTag(Bytes key, Bytes value) {
  if (key.empty() || Characters(key) > kMaxTagKey) return Fail(errors::kTagKeyLength);
  if (Characters(value) > kMaxTagValue) return Fail(errors::kTagValueLength);
  if (key.substr(0, 4) == "aws:") return Fail(errors::kTagKeyReserved);
  return {};
}

}  // namespace

Result<Tags> ReadTags(json::Value list) {
  Tags tags;
  if (!list.valid()) return tags;
  for (const json::Value given : list.elements()) {
    const Bytes key = given.Find("Key").text();
    const Bytes value = given.Find("Value").text();
    STATOR_OK(CheckTag(key, value));
    if (FindTag(tags, key) != tags.end()) return Fail(errors::kTagRepeated, key);
    tags.emplace_back(key, value);
  }
  if (tags.size() > kMaxTags) return Fail(errors::kTooManyTags);
  return tags;
}

Result<Tags> MergeTags(Tags tags, const Tags& added) {
  for (const auto& [key, value] : added) {
    if (const auto at = FindTag(tags, key); at != tags.end()) {
      at->second = value;
    } else {
      tags.emplace_back(key, value);
    }
  }
  if (tags.size() > kMaxTags) return Fail(errors::kTooManyTags);
  return tags;
}

Result<StreamSpecification> ReadStream(json::Value given, Time now) {
  StreamSpecification stream;
  if (!given.valid()) return stream;
  const json::Value view = json::Given(given, "StreamViewType");
  stream.enabled = json::Truth(given.Find("StreamEnabled"));
  if (!stream.enabled) {
    if (view.valid()) return Fail(errors::kStreamViewWithoutStream);
    return stream;
  }
  if (!view.valid()) return Fail(errors::kStreamViewMissing);
  stream.view_type = view.text();
  stream.label = StreamLabel(now);
  return stream;
}

std::string StreamLabel(Time now) {
  std::string label = FormatIso(now);
  label.pop_back();  // the Z
  return label;
}

Result<std::optional<SseSpecification>> ReadSse(json::Value given, const Origin& origin) {
  if (!given.valid()) return std::optional<SseSpecification>();
  const json::Value enabled = json::Given(given, "Enabled");
  const json::Value type = json::Given(given, "SSEType");
  const json::Value key = json::Given(given, "KMSMasterKeyId");
  if (!enabled.valid() || !json::Truth(enabled)) {
    if (type.valid() || key.valid()) return Fail(errors::kSseDisabledWithKey);
    return std::optional<SseSpecification>();
  }
  if (type.valid() && type.text() != "KMS") return Fail(errors::kSseTypeUnsupported);
  SseSpecification sse{.enabled = true, .kms_key_arn = {}};
  const std::string id = key.valid() ? std::string(key.text()) : NewUuid();
  if (id.compare(0, 4, "arn:") == 0) {
    sse.kms_key_arn = id;
  } else {
    sse.kms_key_arn = "arn:aws:kms:" + origin.region + ":" + origin.account + ":key/" + id;
  }
  return std::optional<SseSpecification>(std::move(sse));
}

std::optional<TableClass> ReadTableClass(json::Value given) {
  if (!given.valid()) return std::nullopt;
  return given.text() == "STANDARD" ? TableClass::kStandard : TableClass::kStandardInfrequentAccess;
}

}  // namespace stator::catalog
