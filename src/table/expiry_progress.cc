#include "table/expiry_progress.h"

#include <algorithm>

#include "base/check.h"

namespace stator::table {

std::string ExpiryProgress::Begin(engine::Space space, const DueKeys& due) {
  Expiry last = 0;
  Bytes none;
  STATOR_CHECK(SplitExpiryKey(due.to, &last, &none));
  const std::lock_guard lock(mutex_);
  if (looked_.load() < last) looked_.store(last);
  Front& front = fronts_[space];
  if (!front.early.empty()) front.next = std::min(front.next, front.early);
  front.early.clear();
  front.next = std::max(front.next, due.from);
  return front.next;
}

void ExpiryProgress::Advance(engine::Space space, std::string key) {
  const std::lock_guard lock(mutex_);
  const auto found = fronts_.find(space);
  if (found != fronts_.end()) found->second.next = std::move(key);  // else it was forgotten meanwhile
}

void ExpiryProgress::Forget(engine::Space space) {
  const std::lock_guard lock(mutex_);
  fronts_.erase(space);
}

void ExpiryProgress::Note(engine::Space space, Expiry expiry) {
  std::string key = ExpiryKey(expiry, {});
  const std::lock_guard lock(mutex_);
  const auto found = fronts_.find(space);
  if (found == fronts_.end()) return;  // nobody has looked yet: they begin at the very front
  std::string& early = found->second.early;
  if (early.empty() || key < early) early = std::move(key);
}

}  // namespace stator::table
