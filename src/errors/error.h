// Errors are values from one closed table.
//
// A row of errors/table/FOLDER.def is (id, AWS error type, text). The text is what the client reads, with {} where a
// detail goes; it stands there and nowhere else, so that its form can be changed in one place. Add a row to the file of
// the folder that raises it, and include errors/FOLDER.h to name it as errors::kId; when the note or a manual gives the
// text, take it exactly.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace stator {

// The names AWS sends, their family and HTTP status: errors/types.def.
enum class ErrorType : uint8_t {
#define STATOR_ERROR_TYPE(name, family, status) name,
#define STATOR_ERROR_TYPE_AS(id, name, family, status) id,
#include "errors/types.def"
#undef STATOR_ERROR_TYPE_AS
#undef STATOR_ERROR_TYPE
};

struct ErrorRow {
  std::string_view name;
  ErrorType type;
  std::string_view text;
};

// Which row; two are equal when they are the same row. Rows live as long as the program.
class ErrorId {
 public:
  constexpr ErrorId(const ErrorRow& row) : row_(&row) {}  // NOLINT(google-explicit-constructor): a row is its own id
  constexpr const ErrorRow& row() const { return *row_; }
  constexpr bool OneOf(std::initializer_list<ErrorId> ids) const {
    for (const ErrorId id : ids) {
      if (*this == id) return true;
    }
    return false;
  }
  friend constexpr bool operator==(ErrorId, ErrorId) = default;

 private:
  const ErrorRow* row_;
};

// Where a type's name comes from on the wire; it decides the prefix of `__type`.
enum class ErrorFamily : uint8_t {
  kValidate,    // com.amazon.coral.validate#
  kService,     // com.amazon.coral.service#
  kDynamoDb,    // com.amazonaws.dynamodb.v20120810#
  kLambda,      // no prefix; the name goes into the header x-amzn-ErrorType
  kLogs,        // no prefix
  kCloudWatch,  // com.amazonaws.cloudwatch.v2010_08_01#
  kScaling,     // no prefix
  kCognito,     // no prefix; name and text go into the headers x-amzn-ErrorType and x-amzn-ErrorMessage, too
};

struct ErrorTypeFacts {
  std::string_view name;
  ErrorFamily family;
  int http_status;
};
const ErrorTypeFacts& FactsOf(ErrorType);

// Something a reply carries beside its text: the item of a failed condition, reasons, throttling.
// Each kind derives from this where it is raised, and the service that writes the reply knows the kinds it can meet.
struct ErrorDetail {
  virtual ~ErrorDetail() = default;
};

struct Error {
  ErrorId id;
  std::string text;
  std::shared_ptr<const ErrorDetail> detail;

  ErrorType type() const { return id.row().type; }
};

// One argument of a text: a string or a whole number.
class TextArg {
 public:
  TextArg(std::string_view s) : text_(s) {}    // NOLINT(google-explicit-constructor): reads as the argument itself
  TextArg(const char* s) : text_(s) {}         // NOLINT(google-explicit-constructor)
  TextArg(const std::string& s) : text_(s) {}  // NOLINT(google-explicit-constructor)
  TextArg(int64_t n) : owned_(std::to_string(n)), text_(owned_) {}   // NOLINT(google-explicit-constructor)
  TextArg(uint64_t n) : owned_(std::to_string(n)), text_(owned_) {}  // NOLINT(google-explicit-constructor)
  TextArg(int n) : TextArg(static_cast<int64_t>(n)) {}               // NOLINT(google-explicit-constructor)
  TextArg(const TextArg&) = delete;
  TextArg& operator=(const TextArg&) = delete;
  std::string_view text() const { return text_; }

 private:
  std::string owned_;
  std::string_view text_;
};

// The error of that row, its {} replaced in order by the arguments.
Error MakeError(ErrorId id, std::initializer_list<TextArg> args = {});

template <class... Args>
Error Fail(ErrorId id, const Args&... args) {
  return MakeError(id, {TextArg(args)...});
}

// The row's text with its {} unfilled; for tests and generated documentation.
inline std::string_view TextTemplate(ErrorId id) { return id.row().text; }
inline std::string_view NameOf(ErrorId id) { return id.row().name; }

}  // namespace stator
