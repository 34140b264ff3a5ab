// One version of one row: a header, the key and the value in one allocation, counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "engine/engine.h"

namespace stator::engine {

struct Row {
  std::atomic<uint32_t> refs{1};
  uint32_t key_size;
  uint32_t value_size;
  bool erased;
  Position position;
  Row* older = nullptr;  // owned; what a reader of an earlier state still needs. Guarded by the store's lock.

  Bytes key() const { return {data(), key_size}; }
  Bytes value() const { return {data() + key_size, value_size}; }

  static Row* New(Bytes key, Bytes value, bool erased, Position position) {
    void* at = std::malloc(sizeof(Row) + key.size() + value.size());
    if (!at) std::abort();  // as operator new would, without exceptions
    Row* row = new (at) Row(key, value, erased, position);
    return row;
  }
  Row* Ref() {
    refs.fetch_add(1, std::memory_order_relaxed);
    return this;
  }
  void Unref() {
    // A chain of versions goes without recursion.
    for (Row* row = this; row && row->refs.fetch_sub(1, std::memory_order_acq_rel) == 1;) {
      Row* next = row->older;
      row->~Row();
      std::free(row);
      row = next;
    }
  }
  size_t bytes() const { return sizeof(Row) + key_size + value_size; }

 private:
  Row(Bytes key, Bytes value, bool gone, Position at)
      : key_size(static_cast<uint32_t>(key.size())),
        value_size(static_cast<uint32_t>(value.size())),
        erased(gone),
        position(at) {
    if (!key.empty()) std::memcpy(data(), key.data(), key.size());
    if (!value.empty()) std::memcpy(data() + key.size(), value.data(), value.size());
  }
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
};

}  // namespace stator::engine
