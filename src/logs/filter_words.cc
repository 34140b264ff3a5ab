// ERROR "could not" -retry, ?ERROR ?WARN
#include "logs/filter_tests.h"

namespace stator::logs {
namespace {

class Words final : public Filter::Test {
 public:
  bool Matches(Bytes message) const override {
    const auto has = [message](const std::string& word) { return message.find(word) != Bytes::npos; };
    for (const std::string& word : all) {
      if (!has(word)) return false;
    }
    for (const std::string& word : none) {
      if (has(word)) return false;
    }
    if (any.empty()) return true;
    for (const std::string& word : any) {
      if (has(word)) return true;
    }
    return false;
  }

  std::vector<std::string> all, any, none;
};

}  // namespace

Result<TestPtr> ParseWords(Bytes pattern) {
  auto words = std::make_unique<Words>();
  Scanner scanner(pattern);
  while (!scanner.AtEnd()) {
    std::vector<std::string>* where = &words->all;
    if (scanner.Take("?")) {
      where = &words->any;
    } else if (scanner.Take("-")) {
      where = &words->none;
    }
    bool quoted = false;
    STATOR_TRY(std::string word, scanner.TakeValue("\"", &quoted));
    if (!quoted && word.find_first_of("{}[]()") != std::string::npos) {
      return BadPattern("brackets belong in quotation marks");
    }
    where->push_back(std::move(word));
  }
  return TestPtr(std::move(words));
}

}  // namespace stator::logs
