#include "triggers/event_node.h"

#include "base/base64.h"
#include "streams/change_json.h"

namespace stator::triggers {

using item::Tag;
using streams::ViewType;

EventNode EventNode::OfText(Bytes text) {
  EventNode node;
  node.part_ = Part::kPlainText;
  node.bytes_ = text;
  return node;
}

EventNode EventNode::OfNumber(double number) {
  EventNode node;
  node.part_ = Part::kNumber;
  node.number_ = number;
  return node;
}

EventNode EventNode::OfValue(item::ValueView value) {
  EventNode node;
  node.part_ = value.valid() ? Part::kValue : Part::kMissing;
  node.value_ = value;
  return node;
}

EventNode EventNode::OfMember(Tag set, Bytes member) {
  EventNode node = OfText(member);
  if (set == Tag::kNumberSet) node.part_ = Part::kNumberText;
  if (set == Tag::kBinarySet) node.part_ = Part::kBase64Text;
  return node;
}

EventNode EventNode::At(Part part) const {
  EventNode node = *this;
  node.part_ = part;
  return node;
}

EventNode::Kind EventNode::kind() const {
  switch (part_) {
    case Part::kMissing:
      return Kind::kMissing;
    case Part::kRecord:
    case Part::kDynamodb:
    case Part::kIdentity:
    case Part::kKeys:
    case Part::kItem:
    case Part::kMap:
    case Part::kValue:
      return Kind::kObject;
    case Part::kList:
    case Part::kSet:
      return Kind::kArray;
    case Part::kNumber:
      return Kind::kNumber;
    case Part::kBool:
      return Kind::kBool;
    default:
      return Kind::kText;
  }
}

EventNode EventNode::Member(Bytes name) const {
  switch (part_) {
    case Part::kRecord:
      return RecordMember(name);
    case Part::kDynamodb:
      return DynamodbMember(name);
    case Part::kIdentity:
      if (name == "type") return OfText("Service");
      if (name == "principalId") return OfText("dynamodb.amazonaws.com");
      return {};
    case Part::kKeys:
      return KeyMember(name);
    case Part::kItem:
      return OfValue(item_.Find(name));
    case Part::kMap:
      return OfValue(value_.map().Find(name));
    case Part::kValue:
      return ValueMember(name);
    default:
      return {};
  }
}

EventNode EventNode::RecordMember(Bytes name) const {
  if (name == "dynamodb") return At(Part::kDynamodb);
  if (name == "eventName") return OfText(streams::NameOf(change_->event));
  if (name == "eventSource") return OfText("aws:dynamodb");
  if (name == "eventVersion") return OfText("1.1");
  if (name == "eventSourceARN") return OfText(stream_->arn);
  if (name == "eventID") return At(Part::kEventId);
  if (name == "userIdentity" && change_->by_service) return At(Part::kIdentity);
  streams::StreamArnParts arn;
  if (name == "awsRegion" && streams::SplitStreamArn(stream_->arn, &arn)) return OfText(arn.region);
  return {};
}

EventNode EventNode::DynamodbMember(Bytes name) const {
  const ViewType view = stream_->view;
  if (name == "NewImage" && (view == ViewType::kNewImage || view == ViewType::kNewAndOldImages)) {
    return Image(change_->after);
  }
  if (name == "OldImage" && (view == ViewType::kOldImage || view == ViewType::kNewAndOldImages)) {
    return Image(change_->before);
  }
  if (name == "Keys") return At(Part::kKeys);
  if (name == "StreamViewType") return OfText(streams::NameOf(view));
  if (name == "SequenceNumber") return At(Part::kSequence);
  if (name == "SizeBytes") return OfNumber(static_cast<double>(streams::SizeBytes(*stream_, *change_)));
  if (name == "ApproximateCreationDateTime") return OfNumber(static_cast<double>(change_->time.seconds()));
  return {};
}

EventNode EventNode::Image(item::ItemView image) const {
  if (!image.valid()) return {};
  EventNode node;
  node.part_ = Part::kItem;
  node.item_ = image;
  return node;
}

EventNode EventNode::KeyMember(Bytes name) const {
  for (const auto* attributes : {&stream_->key.hash, &stream_->key.range}) {
    for (const catalog::KeyAttribute& attribute : *attributes) {
      if (attribute.name == name) return OfValue(change_->image().Find(name));
    }
  }
  return {};
}

EventNode EventNode::ValueMember(Bytes name) const {
  const Tag tag = value_.tag();
  if (name != item::TypeName(tag)) return {};
  switch (tag) {
    case Tag::kString:
      return OfText(value_.bytes());
    case Tag::kBinary: {
      EventNode node = At(Part::kBase64Text);
      node.bytes_ = value_.bytes();
      return node;
    }
    case Tag::kNumber: {
      EventNode node = At(Part::kNumberText);
      node.bytes_ = value_.ordered_number();
      return node;
    }
    case Tag::kNull:
    case Tag::kTrue:
    case Tag::kFalse: {
      EventNode node = At(Part::kBool);
      node.flag_ = tag != Tag::kFalse;
      return node;
    }
    case Tag::kList:
      return At(Part::kList);
    case Tag::kMap:
      return At(Part::kMap);
    default:
      return At(Part::kSet);
  }
}

Bytes EventNode::Text(std::string* scratch) const {
  if (part_ == Part::kPlainText) return bytes_;
  scratch->clear();
  if (part_ == Part::kBase64Text) AppendBase64(scratch, bytes_);
  if (part_ == Part::kEventId) *scratch = streams::EventId(*stream_, change_->position);
  if (part_ == Part::kSequence) *scratch = streams::SequenceNumber(change_->position);
  if (part_ == Part::kNumberText) {
    item::Number number;
    Bytes ordered = bytes_;
    if (item::Number::GetOrdered(&ordered, &number)) number.AppendText(scratch);
  }
  return *scratch;
}

}  // namespace stator::triggers
