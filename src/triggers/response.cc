#include "triggers/response.h"

#include <algorithm>

#include "json/copy.h"
#include "json/lenient.h"
#include "json/value.h"

namespace stator::triggers {
namespace {

// The first record that {"itemIdentifier": "..."} names; `begin`, all of them, when it names none.
size_t FailedRecord(json::Value failure, const EventBatch& batch, size_t begin, size_t end) {
  if (!failure.is_object()) return begin;
  const json::Value identifier = failure.Find("itemIdentifier");
  if (!identifier.valid() || !identifier.is_string()) return begin;
  const auto position = streams::ParseSequenceNumber(identifier.text());
  if (!position) return begin;
  const size_t index = batch.Find(*position);
  return index < begin || index >= end ? begin : index;
}

size_t FirstFailed(json::Value answer, const EventBatch& batch, size_t begin, size_t end) {
  if (answer.is_null() || (answer.is_string() && answer.text().empty())) return end;
  if (answer.is_array() && answer.size() == 0) return end;
  if (!answer.is_object()) return begin;
  const json::Value failures = json::Given(answer, "batchItemFailures");
  if (!failures.valid()) return end;
  if (!failures.is_array()) return begin;
  size_t first = end;
  for (const json::Value failure : failures.elements()) {
    first = std::min(first, FailedRecord(failure, batch, begin, end));
  }
  return first;
}

// False: the answer has no state, and it should.
bool ReadState(json::Value answer, Response* response) {
  const json::Value state = answer.is_object() ? json::Given(answer, "state") : json::Value();
  if (!state.valid() || !state.is_object()) return false;
  json::Writer out(&response->state);
  json::Copy(state, out);
  response->state_too_large = response->state.size() > kMaxStateBytes;
  return true;
}

}  // namespace

Response ReadResponse(Bytes payload, const Settings& settings, const EventBatch& batch, size_t begin, size_t end,
                      bool final) {
  Response response;
  response.first_failed = end;
  const bool windowed = settings.tumbling_window_seconds > 0 && !final;
  if (!settings.report_item_failures && !windowed) return response;
  json::Document document;
  const auto answer = document.Parse(payload.empty() ? Bytes("null") : payload);
  if (!answer.ok()) {
    response.first_failed = begin;
    return response;
  }
  if (settings.report_item_failures) response.first_failed = FirstFailed(*answer, batch, begin, end);
  if (windowed && !ReadState(*answer, &response)) response.first_failed = begin;
  return response;
}

}  // namespace stator::triggers
