// Appends JSON to a string: commas and escapes are its business, balance is the caller's.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace stator::json {

// Appends `s` in quotes. `s` must be UTF-8.
void AppendQuoted(std::string* out, Bytes s);
// The same without the quotes.
void AppendEscaped(std::string* out, Bytes s);

class Writer {
 public:
  explicit Writer(std::string* out) : out_(*out) {}

  Writer& BeginObject() { return Open('{'); }
  Writer& EndObject() { return Close('}'); }
  Writer& BeginArray() { return Open('['); }
  Writer& EndArray() { return Close(']'); }
  // `name` is escaped like any string.
  Writer& Key(Bytes name) {
    Comma();
    AppendQuoted(&out_, name);
    out_.push_back(':');
    comma_ = false;
    return *this;
  }
  Writer& String(Bytes s) {
    Comma();
    AppendQuoted(&out_, s);
    return *this;
  }
  Writer& Int(int64_t v);
  // The shortest decimal that reads back as `v`; whole numbers as "25.0", as AWS writes capacity units.
  Writer& Double(double v);
  // Seconds since the epoch with milliseconds, as AWS writes timestamps: 1577836800.123
  Writer& Millis(int64_t millis);
  Writer& Bool(bool v) { return Raw(v ? "true" : "false"); }
  Writer& Null() { return Raw("null"); }
  // Text that is already one JSON value.
  Writer& Raw(Bytes json) {
    Comma();
    out_.append(json);
    return *this;
  }
  // A value written by other means straight into the string: the comma before it.
  std::string* Value() {
    Comma();
    return &out_;
  }

 private:
  void Comma() {
    if (comma_) out_.push_back(',');
    comma_ = true;
  }
  Writer& Open(char c) {
    Comma();
    out_.push_back(c);
    comma_ = false;
    return *this;
  }
  Writer& Close(char c) {
    out_.push_back(c);
    comma_ = true;
    return *this;
  }

  std::string& out_;
  bool comma_ = false;
};

}  // namespace stator::json
