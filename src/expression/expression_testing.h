// What the tests of this folder share: requests and items from JSON text, and results as text. Tests only.
#pragma once

#include <memory>
#include <string>

#include "expression/expression.h"
#include "item/wire.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::expression::testing {

// A parsed JSON text that keeps its document. Empty text: an invalid value.
class Json {
 public:
  explicit Json(Bytes text) {
    if (!text.empty()) value_ = document_->Parse(text).value();
  }
  json::Value value() const { return value_; }

 private:
  std::unique_ptr<json::Document> document_ = std::make_unique<json::Document>();
  json::Value value_;
};

// The stored item of a JSON object of attribute values.
inline std::string StoredItem(Bytes text) { return item::ReadItem(Json(text).value()).value(); }

inline std::string ItemText(Bytes stored) {
  std::string text;
  json::Writer writer(&text);
  item::WriteItem(item::ItemView(stored), writer);
  return text;
}

// Names and values of a request: {"#a": "name", ":v": {"S": "x"}}, told apart by their first letter.
class Substitutes {
 public:
  explicit Substitutes(Bytes text) : names_(Part(text, '#')), values_(Part(text, ':')) {}
  Result<Binder> Bind() const { return Binder::Make(names_.value(), values_.value(), true); }

 private:
  static std::string Part(Bytes text, char lead) {
    if (text.empty()) return {};
    const Json all(text);
    std::string part;
    json::Writer writer(&part);
    writer.BeginObject();
    bool any = false;
    for (const json::Member& member : all.value().members()) {
      if (member.name[0] != lead) continue;
      any = true;
      writer.Key(member.name);
      Copy(member.value, writer);
    }
    writer.EndObject();
    return any ? part : std::string();
  }
  // Only what attribute values are made of.
  static void Copy(json::Value value, json::Writer& writer) {
    if (value.is_string()) {
      writer.String(value.text());
    } else if (value.is_bool()) {
      writer.Bool(value.boolean());
    } else if (value.is_array()) {
      writer.BeginArray();
      for (const json::Value element : value.elements()) Copy(element, writer);
      writer.EndArray();
    } else if (value.is_object()) {
      writer.BeginObject();
      for (const json::Member& member : value.members()) {
        writer.Key(member.name);
        Copy(member.value, writer);
      }
      writer.EndObject();
    } else {
      writer.Null();
    }
  }

  Json names_;
  Json values_;
};

// "" when it is ok.
template <class R>
std::string ErrorText(const R& result) {
  return result.ok() ? std::string() : result.error().text;
}

}  // namespace stator::expression::testing
