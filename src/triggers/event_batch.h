// Records on their way to a function: their JSON, written once when they are read and sliced when a part of them is
// sent again.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "json/writer.h"
#include "streams/change.h"

namespace stator::triggers {

class EventBatch {
 public:
  struct Record {
    engine::Position position;
    Time time;     // of its change
    size_t begin;  // where its JSON begins
  };

  void Add(const streams::Stream& stream, const streams::Change& change);
  // Takes the last record away and adds it to `other`, which is empty. REQUIRES: size() > 1.
  void MoveLastTo(EventBatch* other);

  size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  // Of the JSON of all records, without what goes around them.
  size_t bytes() const { return json_.size(); }
  const Record& operator[](size_t index) const { return records_[index]; }
  const Record& front() const { return records_.front(); }
  const Record& back() const { return records_.back(); }
  // The records [begin, end), comma between them: what stands inside "Records": [...].
  Bytes Json(size_t begin, size_t end) const;
  // The index of the record at that position, or size().
  size_t Find(engine::Position position) const;

 private:
  std::string json_;
  std::vector<Record> records_;
};

}  // namespace stator::triggers
