// What a function's answer says of the batch it was called with. Source: notes/lambda.md, sections 2.6 and 2.7.
#pragma once

#include <string>

#include "triggers/event_batch.h"
#include "triggers/mapping.h"

namespace stator::triggers {

struct Response {
  // The first record that failed: the end of the part that was sent if all went well, its beginning if all of it
  // failed.
  size_t first_failed = 0;
  std::string state;  // with tumbling windows: the JSON of the member `state`
  bool state_too_large = false;
};

// A window whose state outgrows this is ended early.
inline constexpr size_t kMaxStateBytes = size_t{1} << 20;

// `payload`: what the handler returned for the records [begin, end) of `batch`. `final`: for the last call of a window,
// which need not return a state.
Response ReadResponse(Bytes payload, const Settings& settings, const EventBatch& batch, size_t begin, size_t end,
                      bool final);

}  // namespace stator::triggers
