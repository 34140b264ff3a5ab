// Everything that the back end refuses, by name. api/openapi.json says which call answers what; a test compares.
#pragma once

#include "base/bytes.h"
#include "errors/result.h"
#include "http/message.h"

namespace stator::messages {

struct Problem {
  int status;
  Bytes name;
  Bytes text;  // for people
};

namespace problems {
inline constexpr Problem kJsonInvalid{400, "json_invalid", "The body must be one JSON object."};
inline constexpr Problem kUtf8Invalid{400, "utf8_invalid", "The text is not UTF-8."};
inline constexpr Problem kFieldInvalid{400, "field_invalid", "A field or parameter is missing or has the wrong form."};
inline constexpr Problem kTokenMissing{401, "token_missing", "Sign in to do this."};
inline constexpr Problem kTokenInvalid{401, "token_invalid", "This sign-in is not valid here; sign in again."};
inline constexpr Problem kTokenExpired{401, "token_expired", "This sign-in has expired; sign in again."};
inline constexpr Problem kForbidden{403, "forbidden", "This page may not ask this server."};
inline constexpr Problem kUserNotInDirectory{403, "user_not_in_directory",
                                             "You are signed in, but the directory does not know you yet."};
inline constexpr Problem kNotAMember{403, "not_a_member", "This is no conversation of yours."};
inline constexpr Problem kNotFound{404, "not_found", "There is nothing at this address."};
inline constexpr Problem kUserNotFound{404, "user_not_found", "Nobody has this handle."};
inline constexpr Problem kRecipientNotFound{404, "recipient_not_found", "Nobody has this handle."};
inline constexpr Problem kMethodNotAllowed{405, "method_not_allowed", "This address does not do that."};
inline constexpr Problem kBodyTooLarge{413, "body_too_large", "The body is too large."};
inline constexpr Problem kMessageBlank{422, "message_blank", "Write something first."};
inline constexpr Problem kMessageTooLong{422, "message_exceed_max_chars_1024",
                                         "A message has at most 1,024 characters."};
inline constexpr Problem kMessageToOneself{422, "message_to_oneself", "You cannot write to yourself."};
inline constexpr Problem kGroupOrHandle{422, "message_group_uuid_or_handle",
                                        "Give either message_group_uuid or handle."};
inline constexpr Problem kBadRequest{400, "bad_request", "This is no request that can be answered."};
inline constexpr Problem kUnavailable{503, "unavailable", "This does not work just now; try again in a moment."};
}  // namespace problems

// As an error, to be returned up to whoever writes the reply.
Error Refusal(const Problem& problem);

http::Reply ProblemReply(const Problem& problem);
// The reply to a Refusal; every other error is logged and answered with kUnavailable.
http::Reply ProblemReply(const Error& error);

}  // namespace stator::messages
