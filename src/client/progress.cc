#include "client/progress.h"

#include <algorithm>
#include <cstdio>

#include "base/os/terminal.h"

namespace stator::client {
namespace {

constexpr Duration kRedrawEvery = std::chrono::milliseconds(100);
constexpr int kBarWidth = 24;

std::string Bar(uint64_t done, uint64_t total) {
  const int filled = static_cast<int>(std::min(done, total) * kBarWidth / total);
  std::string bar(static_cast<size_t>(filled), '=');
  if (filled < kBarWidth) bar.push_back('>');
  bar.resize(kBarWidth, ' ');
  return "[" + bar + "]";
}

}  // namespace

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

std::string ProgressLine(const std::string& label, const std::string& unit, uint64_t done, uint64_t total,
                         Duration elapsed, int width) {
  std::string line = label + "  ";
  if (total > 0) {
    line += Bar(done, total) + " " + std::to_string(std::min<uint64_t>(done * 100 / total, 100)) + "%  ";
  }
  line += Grouped(done);
  if (total > 0) line += " of " + Grouped(total);
  line += " " + unit;
  if (elapsed > std::chrono::seconds(1)) {
    line += "  " + Grouped(done * 1'000'000 / static_cast<uint64_t>(elapsed.count())) + "/s";
  }
  if (width > 1 && line.size() >= static_cast<size_t>(width)) line.resize(static_cast<size_t>(width) - 1);
  return line;
}

Progress::Progress(std::string label, std::string unit, uint64_t total, bool quiet)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      shown_(!quiet && IsTerminal(Stream::kErr)),
      begun_(MonotonicNow()),
      drawn_(begun_) {}

Progress::~Progress() {
  const std::lock_guard lock(mutex_);
  if (shown_ && done_ > 0) Draw(true);
}

void Progress::Update(uint64_t done) {
  const std::lock_guard lock(mutex_);
  done_ = std::max(done_, done);
  if (!shown_ || MonotonicNow() - drawn_ < kRedrawEvery) return;
  drawn_ = MonotonicNow();
  Draw(false);
}

void Progress::Draw(bool last) {
  const auto elapsed = std::chrono::duration_cast<Duration>(MonotonicNow() - begun_);
  const std::string line = ProgressLine(label_, unit_, done_, total_, elapsed, TerminalWidth(Stream::kErr));
  std::fprintf(stderr, "\r\033[K%s%s", line.c_str(), last ? "\n" : "");
  std::fflush(stderr);
}

}  // namespace stator::client
