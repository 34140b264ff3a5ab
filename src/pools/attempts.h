// Wrong passwords, counted by pool and name, whether or not there is such a user: after the fifth a name is locked for
// a second, then for twice as long each time, up to a quarter of an hour (notes/cognito.md, section 4.2). In memory
// only, and bounded: the names longest quiet are forgotten first.
//
// Threads: any.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::pools {

class Attempts {
 public:
  static constexpr int kFree = 5;
  static constexpr size_t kMostNames = 50'000;
  // Not `enabled`: nothing is ever locked.
  explicit Attempts(bool enabled = true, size_t most_names = kMostNames);
  ~Attempts();

  bool Locked(Bytes pool, Bytes name, Time now) const;
  void Failed(Bytes pool, Bytes name, Time now);
  void Succeeded(Bytes pool, Bytes name);
  void Clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::pools
