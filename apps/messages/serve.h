// cruddur serve: the back end and the page.
#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace stator::messages {

struct ServeOptions {
  int port = 3000;
  std::string host;             // empty: 127.0.0.1 and [::1]
  std::string user_pool_id;     // empty: AWS_COGNITO_USER_POOL_ID
  std::string client_id;        // empty: AWS_COGNITO_USER_POOL_CLIENT_ID
  std::string public_endpoint;  // where browsers find the pool, if that is elsewhere
  std::string web;              // folder of the built page; empty: the one that came with cruddur
  std::vector<std::string> origins;
};

// Until SIGTERM or SIGINT. Prints one line, `cruddur: listening on http://HOST:PORT`, when it answers.
Status Serve(Session&, const ServeOptions&);

}  // namespace stator::messages
