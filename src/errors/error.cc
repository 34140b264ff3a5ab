#include "errors/error.h"

#include "base/check.h"

namespace stator {
namespace {

constexpr ErrorTypeFacts kTypes[] = {
#define STATOR_ERROR_TYPE(name, family, status) {#name, ErrorFamily::family, status},
#define STATOR_ERROR_TYPE_AS(id, name, family, status) {#name, ErrorFamily::family, status},
#include "errors/types.def"
#undef STATOR_ERROR_TYPE_AS
#undef STATOR_ERROR_TYPE
};

}  // namespace

const ErrorTypeFacts& FactsOf(ErrorType type) { return kTypes[static_cast<size_t>(type)]; }

Error MakeError(ErrorId id, std::initializer_list<TextArg> args) {
  const std::string_view text = id.row().text;
  std::string filled;
  auto arg = args.begin();
  size_t from = 0;
  for (size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", from)) {
    STATOR_CHECK(arg != args.end());
    filled.append(text.substr(from, at - from)).append(arg->text());
    ++arg;
    from = at + 2;
  }
  STATOR_CHECK(arg == args.end());
  filled.append(text.substr(from));
  return Error{id, std::move(filled), nullptr};
}

}  // namespace stator
