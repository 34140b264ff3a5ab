// Tests: change_json_test.cc.
#include "streams/change_json.h"

#include <cstdio>

#include "base/coding.h"
#include "item/key.h"
#include "item/wire.h"

namespace stator::streams {
namespace {

bool HasOld(ViewType view) { return view == ViewType::kOldImage || view == ViewType::kNewAndOldImages; }
bool HasNew(ViewType view) { return view == ViewType::kNewImage || view == ViewType::kNewAndOldImages; }

// Calls each(name, value) for the key attributes, partition key first.
template <class Fn>
void ForKeys(const Stream& stream, const Change& change, Fn each) {
  const item::ItemView image = change.image();
  for (const auto* part : {&stream.key.hash, &stream.key.range}) {
    for (const catalog::KeyAttribute& attribute : *part) each(attribute.name, image.Find(attribute.name));
  }
}

void WriteContents(const Stream& stream, const Change& change, Flavour flavour, json::Writer& out) {
  const int64_t seconds = change.time.seconds();
  out.BeginObject().Key("ApproximateCreationDateTime");
  if (flavour == Flavour::kLambda) {
    out.Raw(std::to_string(seconds) + ".0");
  } else {
    out.Int(seconds);
  }
  out.Key("Keys").BeginObject();
  ForKeys(stream, change, [&out](Bytes name, item::ValueView value) {
    out.Key(name);
    item::WriteValue(value, out);
  });
  out.EndObject();
  if (change.after.valid() && HasNew(stream.view)) {
    out.Key("NewImage");
    item::WriteItem(change.after, out);
  }
  if (change.before.valid() && HasOld(stream.view)) {
    out.Key("OldImage");
    item::WriteItem(change.before, out);
  }
  out.Key("SequenceNumber").String(SequenceNumber(change.position));
  out.Key("SizeBytes").Int(static_cast<int64_t>(SizeBytes(stream, change)));
  out.Key("StreamViewType").String(NameOf(stream.view)).EndObject();
}

void WriteIdentity(Flavour flavour, json::Writer& out) {
  const bool lambda = flavour == Flavour::kLambda;
  out.Key("userIdentity").BeginObject();
  out.Key(lambda ? "type" : "Type").String("Service");
  out.Key(lambda ? "principalId" : "PrincipalId").String("dynamodb.amazonaws.com").EndObject();
}

}  // namespace

void WriteChange(const Stream& stream, const Change& change, Flavour flavour, json::Writer& out) {
  StreamArnParts arn;
  STATOR_CHECK(SplitStreamArn(stream.arn, &arn));
  out.BeginObject();
  out.Key("eventID").String(EventId(stream, change.position));
  out.Key("eventName").String(NameOf(change.event));
  out.Key("eventVersion").String("1.1");
  out.Key("eventSource").String("aws:dynamodb");
  out.Key("awsRegion").String(arn.region);
  out.Key("dynamodb");
  WriteContents(stream, change, flavour, out);
  if (change.by_service) WriteIdentity(flavour, out);
  if (flavour == Flavour::kLambda) out.Key("eventSourceARN").String(stream.arn);
  out.EndObject();
}

size_t SizeBytes(const Stream& stream, const Change& change) {
  size_t size = 0;
  ForKeys(stream, change, [&size](Bytes name, item::ValueView value) { size += name.size() + value.size_bytes(); });
  if (change.after.valid() && HasNew(stream.view)) size += change.after.size_bytes();
  if (change.before.valid() && HasOld(stream.view)) size += change.before.size_bytes();
  return size;
}

std::string EventId(const Stream& stream, engine::Position position) {
  std::string named = stream.arn;
  PutBig64(&named, position);
  const uint64_t high = item::HashOfKey(named);
  PutBig64(&named, high);
  const uint64_t low = item::HashOfKey(named);
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return text;
}

}  // namespace stator::streams
