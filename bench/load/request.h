// Requests are built once and then only have digits overwritten: sending one costs the client a few stores.
//
// The table of the benchmark holds items 0..n-1. Item i has partition key i / 100 and sort key i % 100, so a partition
// holds a hundred items; an item has six attributes and 300 bytes as DynamoDB counts them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

inline constexpr uint64_t kItemsPerPartition = 100;

// How the end of a reply is recognised.
enum class Protocol { kHttp, kRedis };

// A request whose variable parts all have ten digits.
class Template {
 public:
  enum class Part { kPartition, kSort, kNumber, kFresh };  // kFresh: never the same twice in this process
  struct Slot {
    size_t offset;  // of the first digit
    uint32_t step;  // the slot belongs to item (n + step * stride) mod items
    Part part;
  };

  Template& Text(std::string_view text);
  Template& Digits(Part part, uint32_t step = 0);
  // Puts `head` in front of everything said so far.
  void Prepend(std::string_view head);

  const std::string& bytes() const { return bytes_; }
  // Overwrites the digits for item `n`.
  void Fill(uint64_t n, uint64_t stride, uint64_t items);

 private:
  std::string bytes_;
  std::vector<Slot> slots_;
};

// Requests that a connection sends one after the other for the same number: mostly one.
using Turns = std::vector<Template>;

// What one kind of load sends.
struct Workload {
  Protocol protocol = Protocol::kHttp;
  std::vector<Turns> variants;  // the same with other texts in the items; one of them is drawn each time
  uint64_t range = 0;           // n is drawn from [0, range)
  uint64_t stride = 1;          // distance between the items of one batch
  uint64_t multiplier = 1;      // the drawn number is multiplied by this
  bool in_order = false;        // n counts up instead of being drawn
};

struct Target {
  std::string table;
  uint64_t items = 0;
};

// The workload called `name`, or nothing if there is none of that name.
std::optional<Workload> MakeWorkload(std::string_view name, const Target& target);
// Whole HTTP requests from a file, one of which is drawn each time: each stands behind a line with its size in bytes.
// Nothing if the file cannot be read or is not like that.
std::optional<Workload> ReadWorkload(const std::string& path);
// For the help text.
std::string_view WorkloadNames();

}  // namespace load
