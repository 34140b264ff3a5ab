#include "runtime/output.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace stator::runtime {
namespace {

constexpr char kMark = '\x1e';
constexpr size_t kLengthDigits = 8;

}  // namespace

void OutputLines::Take(Bytes bytes, Time now, std::vector<logs::LogEvent>* events) {
  while (!bytes.empty()) bytes.remove_prefix(TakeSome(bytes, now, events));
}

// One step; gives how many bytes it used, at least one.
size_t OutputLines::TakeSome(Bytes bytes, Time now, std::vector<logs::LogEvent>* events) {
  switch (state_) {
    case State::kLines:
      if (bytes.front() != kMark) return TakeLine(bytes, now, events);
      state_ = State::kMark;
      return 1;
    case State::kMark:
      state_ = bytes.front() == 'F' ? State::kLength : State::kLines;
      if (state_ == State::kLength) {
        Flush(now, events);
        length_.clear();
        return 1;
      }
      line_.push_back(kMark);
      return TakeLine(bytes, now, events);
    case State::kLength: {
      length_.push_back(bytes.front());
      if (length_.size() < kLengthDigits) return 1;
      const auto [end, error] = std::from_chars(length_.data(), length_.data() + length_.size(), frame_left_, 16);
      const bool good = error == std::errc() && end == length_.data() + length_.size();
      state_ = good && frame_left_ > 0 ? State::kFrame : State::kLines;
      return 1;
    }
    case State::kFrame: {
      const size_t take = std::min(frame_left_, bytes.size());
      line_.append(bytes.substr(0, std::min(take, kLongestLine - std::min(line_.size(), kLongestLine))));
      frame_left_ -= take;
      if (frame_left_ == 0) {
        state_ = State::kLines;
        if (!line_.empty() && line_.back() != '\n') line_.push_back('\n');
        Flush(now, events);
      }
      return take;
    }
  }
  return bytes.size();
}

size_t OutputLines::TakeLine(Bytes bytes, Time now, std::vector<logs::LogEvent>* events) {
  const size_t end = bytes.find_first_of(Bytes("\n\x1e", 2), 1);
  const size_t stop = bytes.front() == '\n' ? 1
                      : end == Bytes::npos  ? bytes.size()
                                            : end + (bytes[end] == '\n' ? 1 : 0);
  const size_t take = std::min(stop, kLongestLine - line_.size());
  line_.append(bytes.substr(0, take));
  if (line_.back() == '\n' || line_.size() >= kLongestLine) Flush(now, events);
  return take;
}

void OutputLines::Flush(Time now, std::vector<logs::LogEvent>* events) {
  if (!line_.empty() && line_ != "\n") Emit(line_, now, events);
  line_.clear();
  if (line_.capacity() > (size_t{64} << 10)) line_.shrink_to_fit();
}

void OutputLines::Emit(Bytes text, Time now, std::vector<logs::LogEvent>* events) {
  if (!Allow(text.size(), now)) {
    dropped_ += static_cast<int64_t>(text.size());
    return;
  }
  if (dropped_ > 0) {
    events->push_back(
        {now, "[stator] " + std::to_string(dropped_) + " bytes of output were dropped: more than 1 MB a second\n"});
    dropped_ = 0;
  }
  events->push_back({now, MakeUtf8(std::string(text))});
}

bool OutputLines::Allow(size_t bytes, Time now) {
  const int64_t passed = std::max<int64_t>(0, now.micros - refilled_.micros);
  if (passed >= 10'000) {
    allowance_ =
        std::min<int64_t>(kBurst, allowance_ + std::min<int64_t>(passed, 8'000'000) * kBytesPerSecond / 1'000'000);
    refilled_ = now;
  }
  if (allowance_ < static_cast<int64_t>(bytes)) return false;
  allowance_ -= static_cast<int64_t>(bytes);
  return true;
}

}  // namespace stator::runtime
