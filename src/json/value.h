// A parsed JSON text and cursors into it. Reading only; json/writer.h writes.
//
// Document owns the nodes; a Value is two words, borrows from its Document and dies with it or with the next Parse.
// Threads: a Document belongs to one thread at a time; Values may be read by several.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::json {

enum class Kind : uint8_t { kNull, kFalse, kTrue, kInteger, kDouble, kString, kArray, kObject };

namespace internal {
// A flat tree: the children of a container follow it, and `next` leads past its subtree. The members of an object are
// pairs of nodes, the name (a kString) and the value.
struct Node {
  Kind kind;
  uint32_t next;   // index of the node after this subtree
  uint32_t count;  // members or elements
  union {
    int64_t integer;
    double real;
    struct {
      const char* data;
      size_t size;
    } text;
  };
};
}  // namespace internal

class Elements;
class Members;

class Value {
 public:
  Value() = default;  // refers to nothing; only valid() may be asked
  bool valid() const { return nodes_ != nullptr; }

  Kind kind() const { return node().kind; }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kTrue || kind() == Kind::kFalse; }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_number() const { return kind() == Kind::kInteger || kind() == Kind::kDouble; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }

  bool boolean() const { return kind() == Kind::kTrue; }
  int64_t integer() const { return node().integer; }                                // REQUIRES: kInteger
  double real() const { return kind() == Kind::kInteger ? static_cast<double>(node().integer) : node().real; }
  Bytes text() const { return {node().text.data, node().text.size}; }               // REQUIRES: is_string; unescaped
  size_t size() const { return node().count; }                                      // REQUIRES: array or object

  Elements elements() const;  // REQUIRES: is_array
  Members members() const;    // REQUIRES: is_object
  // The member of that name, the last one if it is repeated; an invalid Value if there is none. REQUIRES: is_object.
  Value Find(Bytes name) const;

 private:
  friend class Document;
  friend class Elements;
  friend class Members;
  Value(const internal::Node* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
  const internal::Node& node() const { return nodes_[index_]; }

  const internal::Node* nodes_ = nullptr;
  uint32_t index_ = 0;
};

class Elements {
 public:
  class Iterator {
   public:
    Iterator(const internal::Node* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
    Value operator*() const { return Value(nodes_, index_); }
    Iterator& operator++() {
      index_ = nodes_[index_].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const internal::Node* nodes_;
    uint32_t index_;
  };
  Elements(const internal::Node* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
  Iterator begin() const { return {nodes_, index_ + 1}; }
  Iterator end() const { return {nodes_, nodes_[index_].next}; }

 private:
  const internal::Node* nodes_;
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
    Iterator(const internal::Node* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
    Member operator*() const {
      const auto& name = nodes_[index_].text;
      return {Bytes(name.data, name.size), Value(nodes_, index_ + 1)};
    }
    Iterator& operator++() {
      index_ = nodes_[index_ + 1].next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

   private:
    const internal::Node* nodes_;
    uint32_t index_;
  };
  Members(const internal::Node* nodes, uint32_t index) : nodes_(nodes), index_(index) {}
  Iterator begin() const { return {nodes_, index_ + 1}; }
  Iterator end() const { return {nodes_, nodes_[index_].next}; }

 private:
  const internal::Node* nodes_;
  uint32_t index_;
};

inline Elements Value::elements() const { return {nodes_, index_}; }
inline Members Value::members() const { return {nodes_, index_}; }

class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  // Parses one JSON text (UTF-8, nesting up to 200). Its buffers are reused by the next Parse, which ends the life of
  // every Value handed out before. Fails with kJsonMalformed.
  Result<Value> Parse(Bytes text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::json
