// Structures laid out once for both directions: a function template takes a coder and names the fields in order; an
// Encoder appends what it is shown, a Decoder fills it from bytes.
//
//   template <class Coder>
//   void CodeAlias(Coder& coder, Of<Coder, Alias> alias) {
//     coder.Text(alias.name);
//     coder.Number(alias.version);
//   }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/coding.h"

namespace stator {

class Encoder {
 public:
  static constexpr bool kReads = false;
  explicit Encoder(std::string* out) : out_(*out) {}

  // Not negative.
  template <class T>
  void Number(const T& value) {
    PutVarint(&out_, static_cast<uint64_t>(value));
  }
  void Fixed(const uint64_t& value) { PutFixed64(&out_, value); }
  void Signed(const int64_t& value) { PutFixed64(&out_, static_cast<uint64_t>(value)); }
  // A byte; what is read is at most `last`.
  template <class E>
  void Enum(const E& value, E /*last*/) {
    out_.push_back(static_cast<char>(value));
  }
  void Instant(const Time& time) { Signed(time.micros); }
  void Text(const std::string& text) { PutLengthPrefixed(&out_, text); }
  template <class T, class Fn>
  void Optional(const std::optional<T>& value, Fn each) {
    out_.push_back(value ? 1 : 0);
    if (value) each(*value);
  }
  template <class T, class Fn>
  void List(const std::vector<T>& list, Fn each) {
    PutVarint(&out_, list.size());
    for (const T& element : list) each(element);
  }

 private:
  std::string& out_;
};

class Decoder {
 public:
  static constexpr bool kReads = true;
  explicit Decoder(Bytes in) : in_(in) {}
  // Everything was there and nothing is left.
  bool Finished() const { return ok_ && in_.empty(); }

  template <class T>
  void Number(T& value) {
    uint64_t v = 0;
    ok_ = ok_ && GetVarint(&in_, &v);
    if (ok_) value = static_cast<T>(v);
  }
  void Fixed(uint64_t& value) { ok_ = ok_ && GetFixed64(&in_, &value); }
  void Signed(int64_t& value) {
    uint64_t v = 0;
    Fixed(v);
    if (ok_) value = static_cast<int64_t>(v);
  }
  template <class E>
  void Enum(E& value, E last) {
    uint8_t v = 0;
    ok_ = ok_ && GetByte(&in_, &v) && v <= static_cast<uint8_t>(last);
    if (ok_) value = static_cast<E>(v);
  }
  void Instant(Time& time) { Signed(time.micros); }
  void Text(std::string& text) {
    Bytes bytes;
    ok_ = ok_ && GetLengthPrefixed(&in_, &bytes);
    if (ok_) text.assign(bytes);
  }
  template <class T, class Fn>
  void Optional(std::optional<T>& value, Fn each) {
    uint8_t present = 0;
    ok_ = ok_ && GetByte(&in_, &present) && present <= 1;
    if (ok_ && present) each(value.emplace());
  }
  // An element takes a byte at least, so that a broken count cannot ask for more than there is.
  template <class T, class Fn>
  void List(std::vector<T>& list, Fn each) {
    uint64_t size = 0;
    ok_ = ok_ && GetVarint(&in_, &size) && size <= in_.size();
    for (uint64_t i = 0; ok_ && i < size; ++i) each(list.emplace_back());
  }

 private:
  Bytes in_;
  bool ok_ = true;
};

// `T&` or `const T&`, as the coder's direction asks.
template <class Coder, class T>
using Of = std::conditional_t<Coder::kReads, T&, const T&>;

template <class Coder>
void CodeTexts(Coder& coder, Of<Coder, std::vector<std::string>> texts) {
  coder.List(texts, [&coder](auto& text) { coder.Text(text); });
}

template <class Coder>
void CodePairs(Coder& coder, Of<Coder, std::vector<std::pair<std::string, std::string>>> pairs) {
  coder.List(pairs, [&coder](auto& pair) {
    coder.Text(pair.first);
    coder.Text(pair.second);
  });
}

}  // namespace stator
