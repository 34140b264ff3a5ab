// The order of decisions for a batch that fails is that of notes/lambda.md, section 2.6: age, reported items,
// bisection, attempts. Whoever is stopped leaves things as they are: what was not done is delivered again.
#include "triggers/delivery.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "triggers/batcher.h"
#include "triggers/response.h"

namespace stator::triggers {
namespace {

// Nothing ran: no reason to wait as long as after a failure.
constexpr Duration kThrottledStart{50'000};
constexpr Duration kThrottledCap{2'000'000};
// A destination that takes nothing must not stop a shard for ever.
constexpr int kDestinationAttempts = 5;

bool IsBucket(const std::string& destination) { return destination.starts_with("arn:aws:s3:::"); }

}  // namespace

std::optional<engine::Position> Delivery::Undone() const {
  std::optional<engine::Position> undone;
  if (window_) undone = window_->first;
  if (done_ == batch_.size()) return undone;
  // Also when it was stopped in the middle.
  const engine::Position in_batch = batch_[done_].position;
  return std::min(undone.value_or(in_batch), in_batch);
}

std::optional<Time> Delivery::WindowEnd() const {
  if (!window_) return std::nullopt;
  return window_->start + std::chrono::seconds(settings().tumbling_window_seconds);
}

void Delivery::Done(size_t until) {
  done_ = until;
  progress_();
}

Task<bool> Delivery::Run(EventBatch batch) {
  busy_ = true;
  batch_ = std::move(batch);
  done_ = 0;
  todo_ = {Segment{0, batch_.size(), 0, 0}};
  bool whole = true;
  while (whole && !todo_.empty()) whole = co_await Step();
  busy_ = false;
  co_return whole;
}

Task<bool> Delivery::EndWindow() {
  busy_ = true;
  batch_ = {};
  done_ = 0;
  const bool ended = co_await FinishWindow(false);
  busy_ = false;
  progress_();
  co_return ended;
}

// How many records at the front are past their age; times grow with positions.
size_t Delivery::TooOld(const Segment& segment) const {
  Duration limit = streams::kRetention;  // older ones have left the stream
  const int seconds = settings().maximum_record_age_seconds;
  if (seconds >= 0) limit = std::min<Duration>(limit, std::chrono::seconds(seconds));
  const Time now = place_.ports.clock.Now();
  size_t at = segment.begin;
  while (at < segment.end && now - Time{batch_[at].time.seconds() * 1'000'000} >= limit) ++at;
  return at - segment.begin;
}

WindowCall Delivery::WindowOf(bool final, bool early) const {
  return {
      window_->start, settings().tumbling_window_seconds, window_->state, place_.shard_id, mapping().stream_arn, final,
      early};
}

std::string Delivery::EventFor(const Segment& segment) const {
  if (!window_) return EventOf(batch_, segment.begin, segment.end);
  return WindowEventOf(batch_, segment.begin, segment.end, WindowOf(false, false));
}

// Sends the first segment once, or gives up what of it is too old. False: stopped.
Task<bool> Delivery::Step() {
  if (place_.naps.stopped()) co_return false;
  Segment& first = todo_.front();
  if (const size_t old = TooOld(first); old > 0) {
    Segment part = first;
    part.end = part.begin + old;
    first.begin = part.end;
    if (first.size() == 0) todo_.pop_front();
    GivenUp given_up;
    given_up.why = GivenUp::Why::kTooOld;
    const bool gone = co_await GiveUp(part, std::move(given_up));
    co_return gone;
  }
  const bool ready = co_await PrepareWindow();
  if (!ready) co_return false;
  const Segment segment = todo_.front();
  std::string event = EventFor(segment);
  const std::optional<Time> newest = batch_[segment.end - 1].time;
  Called called = co_await CallFunction(place_.ports, mapping(), std::move(event), newest, place_.lane);
  const bool went_on = co_await AfterCall(segment, std::move(called));
  co_return went_on;
}

Task<bool> Delivery::AfterCall(Segment segment, Called called) {
  if (called.is == Called::Is::kNotNow || called.is == Called::Is::kNotThere) {
    if (called.is == Called::Is::kNotThere) Note(LastResult::kProblem);
    const bool waited = co_await Wait(&waits_);
    co_return waited;
  }
  waits_ = 0;
  ++segment.calls;
  Response response;
  response.first_failed = segment.begin;
  if (called.is == Called::Is::kReturned) {
    response = ReadResponse(called.payload, settings(), batch_, segment.begin, segment.end, false);
  }
  const bool all = response.first_failed == segment.end;
  Note(all ? LastResult::kOk : LastResult::kProblem);
  if (!all && place_.naps.stopped()) co_return false;
  if (window_ && response.first_failed > segment.begin) window_->state = std::move(response.state);
  todo_.pop_front();
  if (response.first_failed > segment.begin) Done(response.first_failed);
  if (response.state_too_large) {
    const bool ended = co_await FinishWindow(true);
    if (!ended) co_return false;
  }
  if (all) co_return true;
  const bool again = co_await Again(segment, std::move(called), response.first_failed);
  co_return again;
}

Task<bool> Delivery::Again(Segment segment, Called called, size_t first_failed) {
  const Decision decision = AfterFailure(settings(), segment, first_failed);
  if (decision.is == Decision::Is::kGiveUp) {
    GivenUp given_up;
    given_up.request_id = std::move(called.request_id);
    given_up.executed_version = std::move(called.executed_version);
    given_up.function_error = called.is == Called::Is::kFailed;
    const bool gone = co_await GiveUp(decision.first, std::move(given_up));
    co_return gone;
  }
  if (decision.is == Decision::Is::kSplit) todo_.push_front(decision.second);
  todo_.push_front(decision.first);
  if (!decision.wait) co_return true;
  co_await place_.naps.For(place_.options.back_off.After(decision.first.failures));
  co_return !place_.naps.stopped();
}

// Waits for a function that could not be called, a little longer each time. False: stopped.
Task<bool> Delivery::Wait(int* waits) {
  const BackOff back_off{std::min(kThrottledStart, place_.options.back_off.start),
                         std::min(kThrottledCap, place_.options.back_off.cap)};
  const Duration wait = back_off.After(++*waits);
  co_await place_.naps.For(wait);
  co_return !place_.naps.stopped();
}

// Hands a part of the batch to the destination, if there is one; it is done then.
Task<bool> Delivery::GiveUp(Segment segment, GivenUp given_up) {
  const std::string& destination = settings().on_failure;
  const std::string id = NewUuid();
  if (given_up.request_id.empty()) given_up.request_id = id;
  given_up.function_arn = mapping().function_arn;
  given_up.calls = std::max(segment.calls, 1);
  const Time now = place_.ports.clock.Now();
  const bool bucket = IsBucket(destination);
  const std::string record = destination.empty() ? std::string()
                                                 : FailureRecord(given_up, batch_, segment.begin, segment.end,
                                                                 place_.shard_id, mapping().stream_arn, now, bucket);
  const std::string key = bucket ? FailureKey(mapping(), place_.shard_id, now, id) : std::string();
  for (int attempt = 1; !destination.empty(); ++attempt) {
    const Status handed = co_await place_.ports.deliver(destination, record, given_up.request_id, key, place_.lane);
    if (handed.ok()) break;
    if (attempt == kDestinationAttempts) {
      LogError("event source mapping " + mapping().uuid +
               ": a batch is lost, its destination takes nothing: " + handed.error().text);
      break;
    }
    co_await place_.naps.For(place_.options.back_off.After(attempt));
    if (place_.naps.stopped()) co_return false;
  }
  Done(segment.end);
  co_return true;
}

// Closes the window of earlier records and opens that of the next ones. False: stopped.
Task<bool> Delivery::PrepareWindow() {
  const int seconds = settings().tumbling_window_seconds;
  if (seconds == 0) co_return true;
  const EventBatch::Record& next = batch_[todo_.front().begin];
  const Time start = WindowStart(next.time, seconds);
  if (window_ && window_->start != start) {
    const bool ended = co_await FinishWindow(false);
    if (!ended) co_return false;
  }
  if (!window_) window_ = Window{start, next.position};
  co_return true;
}

// The last call of a window is repeated until it succeeds.
Task<bool> Delivery::FinishWindow(bool early) {
  int waits = 0;
  int failures = 0;
  while (window_ && !place_.naps.stopped()) {
    std::string event = WindowEventOf({}, 0, 0, WindowOf(true, early));
    const std::optional<Time> newest;
    const Called called = co_await CallFunction(place_.ports, mapping(), std::move(event), newest, place_.lane);
    if (called.is == Called::Is::kReturned) {
      Note(LastResult::kOk);
      window_.reset();
    } else if (called.is == Called::Is::kFailed) {
      Note(LastResult::kProblem);
      const Duration wait = place_.options.back_off.After(++failures);
      co_await place_.naps.For(wait);
    } else {
      (void)co_await Wait(&waits);
    }
  }
  co_return !window_;
}

}  // namespace stator::triggers
