// What the fuzz targets of src/expression bind their texts to: names, values and an item of every kind.
#pragma once

#include <string>

#include "base/check.h"
#include "expression/expression.h"
#include "item/wire.h"

namespace stator::fuzz {

class ExpressionWorld {
 public:
  static const ExpressionWorld& Get() {
    static const ExpressionWorld world;
    return world;
  }

  expression::Binder NewBinder() const { return expression::Binder::Make(names_, values_, true).value(); }
  item::ItemView item() const { return item::ItemView(item_); }
  item::ItemView key() const { return item::ItemView(key_); }

 private:
  ExpressionWorld() {
    names_ = *names_document_.Parse(R"({"#a": "a", "#b": "b", "#m": "m", "#l": "l", "#p": "p", "#d": "a.b"})");
    values_ = *values_document_.Parse(
        R"({":s": {"S": "a"}, ":n": {"N": "1"}, ":b": {"B": "YQ=="}, ":t": {"BOOL": true}, ":z": {"NULL": true},
            ":l": {"L": [{"S": "a"}]}, ":m": {"M": {"a": {"N": "1"}}}, ":ss": {"SS": ["a", "c"]},
            ":ns": {"NS": ["1", "2"]}, ":bs": {"BS": ["YQ=="]}, ":x": {"S": "S"}, ":g": {"N": "9e125"}})");
    json::Document document;
    item_ = *item::ReadItem(*document.Parse(
        R"({"p": {"S": "k"}, "r": {"S": "s"}, "a": {"S": "abc"}, "b": {"B": "YWI="}, "n": {"N": "5"},
            "m": {"M": {"a": {"N": "1"}, "l": {"L": [{"N": "1"}, {"M": {"a": {"SS": ["a", "b"]}}}]}, "m": {"M": {}}}},
            "l": {"L": [{"S": "a"}, {"L": [{"N": "2"}]}, {"M": {"a": {"S": "a"}}}]}, "ss": {"SS": ["a", "b"]},
            "ns": {"NS": ["1", "3"]}, "bs": {"BS": ["YQ==", "Yg=="]}, "t": {"BOOL": true}, "z": {"NULL": true},
            "a.b": {"N": "0"}})"));
    key_ = *item::ReadItem(*document.Parse(R"({"p": {"S": "k"}, "r": {"S": "s"}})"));
  }

  json::Document names_document_, values_document_;
  json::Value names_, values_;
  std::string item_, key_;
};

inline Bytes Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace stator::fuzz
