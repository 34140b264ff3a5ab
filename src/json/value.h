// A parsed JSON text and cursors into it. Reading only; json/writer.h writes.
//
// Document owns the nodes; a Value is two words, borrows from its Document and dies with it or with the next Parse.
// Threads: a Document belongs to one thread at a time; Values may be read by several.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::json {

enum class Kind : uint8_t { kNull, kFalse, kTrue, kInteger, kDouble, kString, kArray, kObject };

namespace internal {
// The parsed text as one run of 64-bit words, the kind in the top byte (docs of simdjson, "The tape"): containers carry
// the index behind their end and their count, strings the place of their length and bytes, numbers a second word.
// It is read as it stands; nothing is copied out of it.
struct Tape {
  const uint64_t* words = nullptr;
  const char* strings = nullptr;

  char mark(uint32_t i) const { return static_cast<char>(words[i] >> 56); }
  uint32_t count(uint32_t i) const { return static_cast<uint32_t>(words[i] >> 32) & 0xffffff; }
  // Where the next element, or the next member's name, stands.
  uint32_t next(uint32_t i) const {
    switch (mark(i)) {
      case '{':
      case '[':
        return static_cast<uint32_t>(words[i]);
      case 'l':
      case 'u':
      case 'd':
        return i + 2;
      default:
        return i + 1;
    }
  }
  Bytes text(uint32_t i) const {
    const char* at = strings + (words[i] & 0x00ff'ffff'ffff'ffff);
    uint32_t size;
    std::memcpy(&size, at, sizeof size);
    return {at + sizeof size, size};
  }
};
}  // namespace internal

class Elements;
class Members;

class Value {
 public:
  Value() = default;  // refers to nothing; only valid() may be asked
  bool valid() const { return tape_ != nullptr; }

  Kind kind() const;
  bool is_null() const { return mark() == 'n'; }
  bool is_bool() const { return mark() == 't' || mark() == 'f'; }
  bool is_string() const { return mark() == '"'; }
  bool is_number() const { return kind() == Kind::kInteger || kind() == Kind::kDouble; }
  bool is_array() const { return mark() == '['; }
  bool is_object() const { return mark() == '{'; }

  bool boolean() const { return mark() == 't'; }
  int64_t integer() const { return static_cast<int64_t>(tape_->words[index_ + 1]); }  // REQUIRES: kInteger
  double real() const;                                                                // REQUIRES: is_number
  Bytes text() const { return tape_->text(index_); }                                  // REQUIRES: is_string; unescaped
  size_t size() const { return tape_->count(index_); }                                // REQUIRES: array or object

  Elements elements() const;  // REQUIRES: is_array
  Members members() const;    // REQUIRES: is_object
  // The member of that name, the last one if it is repeated; an invalid Value if there is none. REQUIRES: is_object.
  Value Find(Bytes name) const;

 private:
  friend class Document;
  friend class Elements;
  friend class Members;
  Value(const internal::Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
  char mark() const { return tape_->mark(index_); }

  const internal::Tape* tape_ = nullptr;
  uint32_t index_ = 0;
};

class Elements {
 public:
  class Iterator {
   public:
    Iterator(const internal::Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
    Value operator*() const { return Value(tape_, index_); }
    Iterator& operator++() {
      index_ = tape_->next(index_);
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const internal::Tape* tape_;
    uint32_t index_;
  };
  Elements(const internal::Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
  Iterator begin() const { return {tape_, index_ + 1}; }
  // The closing mark stands before what follows.
  Iterator end() const { return {tape_, tape_->next(index_) - 1}; }

 private:
  const internal::Tape* tape_;
  uint32_t index_;
};

struct Member {
  Bytes name;
  Value value;
};

class Members {
 public:
  class Iterator {
   public:
    Iterator(const internal::Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
    Member operator*() const { return {tape_->text(index_), Value(tape_, index_ + 1)}; }
    Iterator& operator++() {
      index_ = tape_->next(index_ + 1);
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const internal::Tape* tape_;
    uint32_t index_;
  };
  Members(const internal::Tape* tape, uint32_t index) : tape_(tape), index_(index) {}
  Iterator begin() const { return {tape_, index_ + 1}; }
  // The closing mark stands before what follows.
  Iterator end() const { return {tape_, tape_->next(index_) - 1}; }

 private:
  const internal::Tape* tape_;
  uint32_t index_;
};

inline Elements Value::elements() const { return {tape_, index_}; }
inline Members Value::members() const { return {tape_, index_}; }

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Parses one JSON text (UTF-8, nesting up to 1,000, at most 32 MB). Its buffers are reused by the next Parse, which
  // ends the life of every Value handed out before. Fails with kJsonMalformed.
  Result<Value> Parse(Bytes text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::json
