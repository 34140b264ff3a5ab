#include "pools/attempts.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <unordered_map>

#include "sigv4/digest.h"

namespace stator::pools {
namespace {

constexpr Duration kFirstLock = std::chrono::seconds(1);
constexpr Duration kLongestLock = std::chrono::minutes(15);
constexpr int kMostDoublings = 10;
// A name that was quiet for so long after its lock begins anew.
constexpr Duration kForgotten = std::chrono::minutes(15);

// A digest, since a name that does not exist may be as long as a request.
std::string KeyOf(Bytes pool, Bytes name) { return sigv4::Sha256(std::string(pool).append(1, '\0').append(name)); }

Duration LockAfter(int failures) {
  const int doublings = std::min(failures - Attempts::kFree, kMostDoublings);
  return std::min(kFirstLock * (1 << doublings), kLongestLock);
}

}  // namespace

struct Attempts::Impl {
  struct Entry {
    std::string key;
    int failures = 0;
    Time last;
    Time until;
  };

  Impl(bool is_enabled, size_t most) : enabled(is_enabled), most_names(most) {}

  const bool enabled;
  const size_t most_names;
  std::mutex mutex;
  std::list<Entry> entries;                                             // last failed in front; guarded by mutex
  std::unordered_map<std::string, std::list<Entry>::iterator> by_name;  // guarded by mutex
};

Attempts::Attempts(bool enabled, size_t most_names) : impl_(std::make_unique<Impl>(enabled, most_names)) {}
Attempts::~Attempts() = default;

bool Attempts::Locked(Bytes pool, Bytes name, Time now) const {
  if (!impl_->enabled) return false;
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->by_name.find(KeyOf(pool, name));
  return found != impl_->by_name.end() && now < found->second->until;
}

void Attempts::Failed(Bytes pool, Bytes name, Time now) {
  if (!impl_->enabled) return;
  const std::string key = KeyOf(pool, name);
  const std::lock_guard lock(impl_->mutex);
  auto& entries = impl_->entries;
  if (const auto found = impl_->by_name.find(key); found != impl_->by_name.end()) {
    entries.splice(entries.begin(), entries, found->second);
  } else {
    entries.push_front({key, 0, now, {}});
    impl_->by_name[key] = entries.begin();
  }
  Impl::Entry& entry = entries.front();
  if (std::max(entry.until, entry.last) + kForgotten < now) entry.failures = 0;
  ++entry.failures;
  entry.last = now;
  if (entry.failures >= kFree) entry.until = now + LockAfter(entry.failures);
  if (entries.size() > impl_->most_names) {
    impl_->by_name.erase(entries.back().key);
    entries.pop_back();
  }
}

void Attempts::Succeeded(Bytes pool, Bytes name) {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->by_name.find(KeyOf(pool, name));
  if (found == impl_->by_name.end()) return;
  impl_->entries.erase(found->second);
  impl_->by_name.erase(found);
}

void Attempts::Clear() {
  const std::lock_guard lock(impl_->mutex);
  impl_->entries.clear();
  impl_->by_name.clear();
}

}  // namespace stator::pools
