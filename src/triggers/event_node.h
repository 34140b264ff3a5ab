// A record of a function's event as a filter pattern sees it: a tree of named members, read straight from the stored
// change. No JSON is made for a record that nobody is called with. The same tree as streams::WriteChange(kLambda).
#pragma once

#include <string>

#include "streams/change.h"

namespace stator::triggers {

// Borrows the stream, the change and the items below it. Cheap to copy.
class EventNode {
 public:
  enum class Kind : uint8_t { kMissing, kText, kNumber, kBool, kObject, kArray };

  EventNode() = default;  // missing
  EventNode(const streams::Stream& stream, const streams::Change& change)
      : part_(Part::kRecord), stream_(&stream), change_(&change) {}

  Kind kind() const;
  // kObject: the member of that name, or a missing node.
  EventNode Member(Bytes name) const;
  // kText. May be put together in `scratch`; lives as long as that.
  Bytes Text(std::string* scratch) const;
  double number() const { return number_; }  // kNumber
  bool flag() const { return flag_; }        // kBool

  // kArray: whether `holds(element)` for one of them.
  template <class Holds>
  bool Any(Holds holds) const {
    if (part_ == Part::kList) {
      item::ListView list = value_.list();
      for (item::ValueView element; list.Next(&element);) {
        if (holds(OfValue(element))) return true;
      }
      return false;
    }
    item::SetView set = value_.set();
    for (Bytes member; set.Next(&member);) {
      if (holds(OfMember(value_.tag(), member))) return true;
    }
    return false;
  }

 private:
  enum class Part : uint8_t {
    kMissing,
    kRecord,
    kDynamodb,
    kIdentity,
    kKeys,
    kItem,        // an image
    kMap,         // the value of an M
    kValue,       // {"S": ...}: one member, named like the type
    kList,        // of an L
    kSet,         // of an NS, SS or BS
    kPlainText,   // bytes_ as they are
    kNumberText,  // bytes_ are an ordered number
    kBase64Text,
    kEventId,
    kSequence,
    kNumber,
    kBool,
  };

  static EventNode OfText(Bytes text);
  static EventNode OfNumber(double number);
  static EventNode OfValue(item::ValueView value);
  static EventNode OfMember(item::Tag set, Bytes member);
  EventNode At(Part part) const;
  EventNode RecordMember(Bytes name) const;
  EventNode DynamodbMember(Bytes name) const;
  EventNode Image(item::ItemView image) const;
  EventNode KeyMember(Bytes name) const;
  EventNode ValueMember(Bytes name) const;

  Part part_ = Part::kMissing;
  bool flag_ = false;
  double number_ = 0;
  const streams::Stream* stream_ = nullptr;
  const streams::Change* change_ = nullptr;
  item::ValueView value_;
  item::ItemView item_;
  Bytes bytes_;
};

}  // namespace stator::triggers
