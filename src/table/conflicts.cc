#include "table/conflicts.h"

namespace stator::table {

void Conflicts::Want(engine::Space space, Bytes key, uint8_t kinds, uint64_t times) {
  const std::lock_guard lock(mutex_);
  if (times > 0) {
    items_[{space, std::string(key)}] = {kinds, times};
  } else {
    items_.erase({space, std::string(key)});
  }
  Note();
}

void Conflicts::WantInProgress(Bytes token, uint64_t times) {
  const std::lock_guard lock(mutex_);
  if (times > 0) {
    tokens_[std::string(token)] = times;
  } else {
    tokens_.erase(std::string(token));
  }
  Note();
}

void Conflicts::Clear() {
  const std::lock_guard lock(mutex_);
  items_.clear();
  tokens_.clear();
  Note();
}

void Conflicts::Note() { wanted_.store(!items_.empty() || !tokens_.empty(), std::memory_order_relaxed); }

bool Conflicts::TakeItem(Kind kind, engine::Space space, Bytes key) {
  const std::lock_guard lock(mutex_);
  const auto found = items_.find({space, std::string(key)});
  if (found == items_.end() || (found->second.kinds & kind) == 0) return false;
  if (--found->second.times == 0) items_.erase(found);
  Note();
  return true;
}

bool Conflicts::TakeToken(Bytes token) {
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return false;
  if (--found->second == 0) tokens_.erase(found);
  Note();
  return true;
}

}  // namespace stator::table
