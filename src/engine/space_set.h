// A set of spaces that only grows, read without a lock on every read of an engine: which spaces have been dropped.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include "engine/engine.h"

namespace stator::engine {

// Two levels of bitmaps, made as they are touched: space ids are handed out in sequence.
// Threads: Contains and Add from any thread; Clear while nobody else calls.
class SpaceSet {
 public:
  bool Contains(Space space) const {
    const auto id = static_cast<uint32_t>(space);
    const Directory* directory = root_[id >> 22].load(std::memory_order_acquire);
    if (!directory) return false;
    const Leaf* leaf = (*directory)[id >> 11 & 0x7ff].load(std::memory_order_acquire);
    if (!leaf) return false;
    return (*leaf)[id >> 6 & 0x1f].load(std::memory_order_acquire) >> (id & 63) & 1;
  }

  void Add(Space space) {
    const auto id = static_cast<uint32_t>(space);
    const std::lock_guard lock(mutex_);
    Directory& directory = Child(root_[id >> 22]);
    Leaf& leaf = Child(directory[id >> 11 & 0x7ff]);
    leaf[id >> 6 & 0x1f].fetch_or(uint64_t{1} << (id & 63), std::memory_order_release);
  }

  void Clear() {
    for (auto& slot : root_) {
      Directory* directory = slot.exchange(nullptr);
      if (!directory) continue;
      for (auto& leaf : *directory) delete leaf.load();
      delete directory;
    }
  }

  SpaceSet() = default;
  SpaceSet(const SpaceSet&) = delete;
  SpaceSet& operator=(const SpaceSet&) = delete;
  ~SpaceSet() { Clear(); }

 private:
  using Leaf = std::array<std::atomic<uint64_t>, 32>;      // 2,048 spaces
  using Directory = std::array<std::atomic<Leaf*>, 2048>;  // 4,194,304 spaces

  template <class Node>
  static Node& Child(std::atomic<Node*>& slot) {
    if (!slot.load(std::memory_order_relaxed)) slot.store(new Node{}, std::memory_order_release);
    return *slot.load(std::memory_order_relaxed);
  }

  std::array<std::atomic<Directory*>, 1024> root_{};
  std::mutex mutex_;
};

}  // namespace stator::engine
