// [ip, user, ..., status = 4*, bytes > 1000 && bytes < 2000]: a message is cut at its spaces, but not within quotation
// marks and brackets; there must be as many fields as the pattern has, or at least as many if it has "...".
#include "logs/filter_tests.h"

namespace stator::logs {
namespace {

constexpr size_t kMostFields = 128;

std::vector<Bytes> Cut(Bytes message) {
  std::vector<Bytes> fields;
  while (true) {
    const size_t begin = message.find_first_not_of(" \t\r\n");
    if (begin == Bytes::npos || fields.size() > kMostFields) return fields;
    message.remove_prefix(begin);
    const char close = message.front() == '"' ? '"' : message.front() == '[' ? ']' : '\0';
    const size_t end = close ? message.find(close, 1) : Bytes::npos;
    if (end != Bytes::npos) {
      fields.push_back(message.substr(1, end - 1));
      message.remove_prefix(end + 1);
    } else {
      const size_t space = std::min(message.find_first_of(" \t\r\n"), message.size());
      fields.push_back(message.substr(0, space));
      message.remove_prefix(space);
    }
  }
}

struct Field {
  std::vector<Comparison> comparisons;
  std::vector<Step> steps;  // empty: any text

  bool HoldsFor(Bytes text) const {
    return steps.empty() || Holds(steps, [&](size_t i) { return comparisons[i].HoldsFor(text); });
  }
};

class Fields final : public Filter::Test {
 public:
  bool Matches(Bytes message) const override {
    const std::vector<Bytes> given = Cut(message);
    if (open ? given.size() < head.size() + tail.size() : given.size() != head.size()) return false;
    for (size_t i = 0; i < head.size(); ++i) {
      if (!head[i].HoldsFor(given[i])) return false;
    }
    for (size_t i = 0; i < tail.size(); ++i) {
      if (!tail[i].HoldsFor(given[given.size() - tail.size() + i])) return false;
    }
    return true;
  }

  std::vector<Field> head, tail;  // before and behind "..."
  bool open = false;
};

// "status = 4*", "bytes > 10 && bytes < 20"; every comparison names the same field.
Result<Field> TakeField(Scanner* scanner) {
  Field field;
  std::string name;
  bool named_only = false;
  STATOR_TRY(field.steps, TakeExpression(scanner, ",]", [&](Scanner* at) -> Result<size_t> {
               const std::string here(at->TakeName("-@"));
               if (here.empty() || (!name.empty() && here != name)) return BadPattern("a field's name is missing");
               name = here;
               if (at->Sees(",") || at->Sees("]")) {
                 named_only = true;
                 return 0;
               }
               STATOR_TRY(Comparison comparison, at->TakeComparison(",])(&|"));
               field.comparisons.push_back(std::move(comparison));
               return field.comparisons.size() - 1;
             }));
  if (named_only && !field.comparisons.empty()) return BadPattern("a comparison is missing");
  if (named_only) field.steps.clear();
  return field;
}

}  // namespace

Result<TestPtr> ParseFields(Bytes pattern) {
  auto fields = std::make_unique<Fields>();
  Scanner scanner(pattern);
  scanner.Take("[");
  do {
    if (scanner.Take("...")) {
      if (fields->open) return BadPattern("... may stand once");
      fields->open = true;
      continue;
    }
    if (fields->head.size() + fields->tail.size() >= kMostFields) return BadPattern("it has too many fields");
    if (scanner.Sees(",") || scanner.Sees("]")) {  // a field without a name
      (fields->open ? fields->tail : fields->head).emplace_back();
      continue;
    }
    STATOR_TRY(Field field, TakeField(&scanner));
    (fields->open ? fields->tail : fields->head).push_back(std::move(field));
  } while (scanner.Take(","));
  if (!scanner.Take("]") || !scanner.AtEnd()) return BadPattern("something follows the bracket");
  return TestPtr(std::move(fields));
}

}  // namespace stator::logs
