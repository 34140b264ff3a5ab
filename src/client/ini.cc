#include "client/ini.h"

namespace stator::client {
namespace {

constexpr Bytes kBlank = " \t\r";

Bytes Trimmed(Bytes text) {
  const size_t from = text.find_first_not_of(kBlank);
  if (from == Bytes::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

// A comment may follow a value after a blank.
Bytes WithoutComment(Bytes value) {
  for (const Bytes mark : {Bytes(" #"), Bytes(" ;"), Bytes("\t#"), Bytes("\t;")}) {
    value = value.substr(0, value.find(mark));
  }
  return Trimmed(value);
}

}  // namespace

Ini ParseIni(Bytes text) {
  Ini ini;
  IniSection* section = nullptr;
  std::string outer;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const Bytes line = text.substr(0, end);
    text = end == Bytes::npos ? Bytes() : text.substr(end + 1);
    const Bytes words = Trimmed(line);
    if (words.empty() || words[0] == '#' || words[0] == ';') continue;
    if (words[0] == '[') {
      section = &ini[std::string(Trimmed(words.substr(1, words.find(']') - 1)))];
      outer.clear();
      continue;
    }
    const size_t equals = words.find('=');
    if (section == nullptr || equals == Bytes::npos) continue;
    const std::string name(Trimmed(words.substr(0, equals)));
    const std::string value(WithoutComment(words.substr(equals + 1)));
    const bool indented = kBlank.find(line[0]) != Bytes::npos;
    if (indented && !outer.empty()) {
      (*section)[std::string(outer).append(".").append(name)] = value;
    } else {
      outer = value.empty() ? name : "";
      (*section)[name] = value;
    }
  }
  return ini;
}

}  // namespace stator::client
