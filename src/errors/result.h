// Result<T>: a value or an Error. Status: nothing or an Error. Exceptions never cross a folder.
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "errors/error.h"

namespace stator {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  // REQUIRES: ok().
  T& value() & {
    STATOR_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    STATOR_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    STATOR_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  // REQUIRES: !ok().
  Error& error() & {
    STATOR_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    STATOR_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    STATOR_CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace stator

#define STATOR_CONCAT_(a, b) a##b
#define STATOR_CONCAT(a, b) STATOR_CONCAT_(a, b)

// STATOR_TRY(auto x, Parse(...)): declares x from the value, or returns the error.
#define STATOR_TRY(declaration, ...) STATOR_TRY_(STATOR_CONCAT(try_result_, __LINE__), return, declaration, __VA_ARGS__)
#define STATOR_CO_TRY(declaration, ...) \
  STATOR_TRY_(STATOR_CONCAT(try_result_, __LINE__), co_return, declaration, __VA_ARGS__)
#define STATOR_TRY_(result, give, declaration, ...) \
  auto result = (__VA_ARGS__);                      \
  if (!result.ok()) give std::move(result).error(); \
  declaration = std::move(result).value()

// STATOR_OK(status): returns the error, if there is one.
#define STATOR_OK(...) STATOR_OK_(return, __VA_ARGS__)
#define STATOR_CO_OK(...) STATOR_OK_(co_return, __VA_ARGS__)
#define STATOR_OK_(give, ...) \
  if (auto ok_status = (__VA_ARGS__); !ok_status.ok()) give std::move(ok_status).error()
