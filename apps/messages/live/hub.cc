#include "live/hub.h"

#include <algorithm>
#include <charconv>

#include "base/random.h"
#include "sigv4/digest.h"

namespace stator::messages {
namespace {

std::string EventText(Bytes name, Bytes id, Bytes data) {
  std::string text;
  text.reserve(data.size() + 80);
  text.append("event: ").append(name).append("\nid: ").append(id).append("\ndata: ").append(data).append("\n\n");
  return text;
}

size_t SizeOf(const std::vector<Told>& told) {
  size_t size = 0;
  for (const Told& each : told) size += each.data.size() + each.user_uuid.size();
  return size;
}

std::string NewEpoch() { return sigv4::Hex(SecureRandom(6)); }

}  // namespace

Hub::Hub(Lane& lane) : lane_(lane), epoch_(NewEpoch()) {}

Hub::~Hub() = default;

void Hub::Join(std::string user_uuid, std::string last_id, Time expires, std::shared_ptr<http::Outflow> flow) {
  MakeRoom(user_uuid);
  if (listeners_.empty()) lane_.timers().Arm(*this, MonotonicNow() + kHeartbeat);
  listeners_.push_back({std::move(user_uuid), std::move(last_id), expires, std::move(flow), false});
  if (reading_ && !Greet(&listeners_.back())) listeners_.pop_back();
  if (joined_) joined_();
}

void Hub::MakeRoom(const std::string& user_uuid) {
  const auto is_theirs = [&](const Listener& listener) { return listener.user_uuid == user_uuid; };
  const auto theirs = std::count_if(listeners_.begin(), listeners_.end(), is_theirs);
  if (static_cast<size_t>(theirs) >= kMostOfOne) {
    listeners_.erase(std::find_if(listeners_.begin(), listeners_.end(), is_theirs));
  } else if (listeners_.size() >= kMostListeners) {
    listeners_.pop_front();
  }
}

// `ready`, and what was missed; false when nobody is there any more.
bool Hub::Greet(Listener* listener) {
  listener->greeted = true;
  const std::string last_id = std::exchange(listener->last_id, {});
  const std::optional<uint64_t> seen = last_id.empty() ? number_ : NumberIn(last_id);
  if (!listener->flow->Send(EventText("ready", IdOf(seen.value_or(number_)), "{}"))) return false;
  if (!seen) return listener->flow->Send(EventText("reload", IdOf(number_), "{}"));
  return *seen == number_ || SendSince(*seen, *listener);
}

// The number of an event after which everything is known; nothing if the id is none of ours.
std::optional<uint64_t> Hub::NumberIn(Bytes id) const {
  if (!id.starts_with(epoch_ + "-")) return std::nullopt;
  const Bytes digits = id.substr(epoch_.size() + 1);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const uint64_t oldest = events_.empty() ? number_ + 1 : events_.front().number;
  const bool good = error == std::errc() && end == digits.data() + digits.size() && number <= number_;
  return good && number + 1 >= oldest ? std::optional(number) : std::nullopt;
}

bool Hub::SendSince(uint64_t number, const Listener& listener) {
  std::string text;
  for (const Event& event : events_) {
    if (event.number <= number) continue;
    for (const Told& told : event.told) {
      if (told.user_uuid == listener.user_uuid) text += EventText("message", IdOf(event.number), told.data);
    }
  }
  return listener.flow->Send(text);
}

void Hub::Begin() {
  epoch_ = NewEpoch();
  number_ = 0;
  events_.clear();
  bytes_ = 0;
  reading_ = true;
  listeners_.remove_if([this](Listener& listener) {
    if (!listener.greeted) return !Greet(&listener);
    return !listener.flow->Send(EventText("reload", IdOf(number_), "{}"));
  });
}

void Hub::Publish(std::vector<Told> told) {
  ++number_;
  const std::string id = IdOf(number_);
  listeners_.remove_if([&](Listener& listener) {
    for (const Told& each : told) {
      if (each.user_uuid != listener.user_uuid || !listener.greeted) continue;
      return !listener.flow->Send(EventText("message", id, each.data));
    }
    return false;
  });
  bytes_ += SizeOf(told);
  events_.push_back({number_, std::move(told)});
  while (events_.size() > kKept || bytes_ > kMostBytes) {
    bytes_ -= SizeOf(events_.front().told);
    events_.pop_front();
  }
}

// A comment line, which says that we are here and finds out who has gone.
void Hub::OnTimer() {
  const Time now = Clock().Now();
  listeners_.remove_if([now](Listener& listener) { return now >= listener.expires || !listener.flow->Send(": \n\n"); });
  if (!listeners_.empty()) lane_.timers().Arm(*this, MonotonicNow() + kHeartbeat);
}

}  // namespace stator::messages
