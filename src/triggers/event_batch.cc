#include "triggers/event_batch.h"

#include <algorithm>

#include "streams/change_json.h"

namespace stator::triggers {

void EventBatch::Add(const streams::Stream& stream, const streams::Change& change) {
  if (!records_.empty()) json_.push_back(',');
  records_.push_back({change.position, change.time, json_.size()});
  json::Writer out(&json_);
  streams::WriteChange(stream, change, streams::Flavour::kLambda, out);
}

void EventBatch::MoveLastTo(EventBatch* other) {
  Record last = records_.back();
  other->json_.assign(json_, last.begin);
  json_.resize(last.begin - 1);  // the comma, too
  last.begin = 0;
  other->records_.push_back(last);
  records_.pop_back();
}

Bytes EventBatch::Json(size_t begin, size_t end) const {
  if (begin == end) return {};
  const size_t from = records_[begin].begin;
  const size_t to = end == records_.size() ? json_.size() : records_[end].begin - 1;  // not the comma
  return Bytes(json_).substr(from, to - from);
}

size_t EventBatch::Find(engine::Position position) const {
  const auto at = std::lower_bound(records_.begin(), records_.end(), position,
                                   [](const Record& r, engine::Position p) { return r.position < p; });
  const bool found = at != records_.end() && at->position == position;
  return found ? static_cast<size_t>(at - records_.begin()) : records_.size();
}

}  // namespace stator::triggers
