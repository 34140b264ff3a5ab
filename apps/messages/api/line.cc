#include "api/line.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "serve.h"

namespace stator::messages {

void AddServeCommand(Commands& commands, CLI::App* app) {
  CLI::App* serve = commands.Remote(app, "serve", "serve the back end (/api) and the page");
  const auto options = std::make_shared<ServeOptions>();  // lives as long as the callback
  serve->add_option("--port", options->port, "port to listen on; 0: any that is free")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  serve->add_option("--host", options->host, "address to listen on (default: 127.0.0.1 and [::1])");
  serve->add_option("--user-pool-id", options->user_pool_id, "of who signs in (default: AWS_COGNITO_USER_POOL_ID)");
  serve->add_option("--client-id", options->client_id,
                    "the page's client of that pool (default: AWS_COGNITO_USER_POOL_CLIENT_ID)");
  serve->add_option("--public-endpoint", options->public_endpoint,
                    "where browsers find the pool, if elsewhere than this program does");
  serve->add_option("--web", options->web, "folder of the built page (default: the one that came with cruddur)");
  serve->add_option("--allow-origin", options->origins, "pages that may call /api beside those of this machine");
  commands.OnRun(serve, [options](Session& session) { return Serve(session, *options); });
}

}  // namespace stator::messages
