// The back end of Cruddur Messages behind `http`: api/openapi.json says what it answers.
//
// Threads: one lane; files of the page and refusals any.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "api/conversations.h"
#include "api/new_message.h"
#include "api/people.h"
#include "api/web_files.h"
#include "http/cors.h"
#include "http/message.h"
#include "live/hub.h"
#include "tokens/verifier.h"

namespace stator::messages {

// api/openapi.json.
Bytes OpenApiText();

class Service final : public http::Handler {
 public:
  struct Parts {
    Verifier& verifier;
    People& people;
    Conversations& conversations;
    Hub& hub;
    const WebFiles& web;
    std::string config;             // the answer to GET /api/config
    std::function<void()> written;  // called when a message was
  };
  // Of those who ask: browsers at this machine, and at `origins`.
  Service(Parts parts, std::vector<std::string> origins) : parts_(std::move(parts)), policy_(std::move(origins)) {}

  std::optional<http::Reply> Admit(const http::RequestHead& head) override;
  size_t BodyLimit(const http::RequestHead& head, size_t usual) override;
  Task<http::Reply> Handle(const http::Request& request, Lane& lane) override;
  http::Reply Refuse(int status, Bytes reason) override;

  // Somebody's request, while it is handled.
  struct Ask {
    const http::Request& request;
    Bytes argument;  // what "{}" of the pattern stands for
    Person me;
    Time expires;  // the token's
  };
  struct Route {
    Bytes method;
    Bytes pattern;
    bool anybody;  // without a token
    Task<Result<http::Reply>> (Service::*run)(const Ask& ask);
  };
  static std::span<const Route> Routes();

 private:
  Task<http::Reply> HandleApi(const http::Request& request);
  Task<std::optional<Error>> Identify(Ask* ask);
  Task<Result<http::Reply>> Run(const Route& route, Ask ask);

  Task<Result<http::Reply>> Health(const Ask& ask);
  Task<Result<http::Reply>> Config(const Ask& ask);
  Task<Result<http::Reply>> OpenApi(const Ask& ask);
  Task<Result<http::Reply>> ListGroups(const Ask& ask);
  Task<Result<http::Reply>> ReadMessages(const Ask& ask);
  Task<Result<http::Reply>> PostMessage(const Ask& ask);
  Task<Result<http::Reply>> Me(const Ask& ask);
  Task<Result<http::Reply>> ShortUser(const Ask& ask);
  Task<Result<http::Reply>> SearchUsers(const Ask& ask);
  Task<Result<http::Reply>> Live(const Ask& ask);

  Task<Result<Message>> Write(NewMessage wanted, Person author);
  Task<Result<Message>> PostIntoGroup(std::string group_uuid, Draft draft);
  Task<Result<Message>> PostToHandle(std::string handle, Draft draft);

  const Parts parts_;
  const http::OriginPolicy policy_;
};

}  // namespace stator::messages
