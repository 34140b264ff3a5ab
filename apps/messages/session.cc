#include "session.h"

#include <cstdio>

#include "base/os/terminal.h"

namespace stator::messages {

Result<Session> OpenSession(const client::Wish& wish, const client::Surroundings& around) {
  STATOR_TRY(client::Target target, client::Connect(wish, around));
  Session session;
  session.wish = wish;
  session.around = around;
  session.target = target;
  session.client = std::make_unique<client::Client>(std::move(target));
  if (wish.aws) session.words = " prod";
  if (!wish.endpoint_url.empty()) session.words += " --endpoint-url " + wish.endpoint_url;
  return session;
}

Result<Session> LocalSession(const client::Surroundings& around) {
  Session session;
  session.around = around;
  return session;
}

std::string TableWords(const Session& session) {
  return session.table == kDefaultTable ? session.words : session.words + " --table " + session.table;
}

void Print(Bytes text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int PrintWidth() {
  const int width = TerminalWidth(Stream::kOut);
  return width > 0 ? width : 100;
}

std::string Explain(const Error& error, const Session& session) {
  const std::string& url = session.target.endpoint.url;
  const std::string& suffix = session.words;
  if (client::IsRemote(error, "ResourceNotFoundException") || client::IsRemote(error, "TableNotFoundException")) {
    return "there is no table " + session.table + " at " + url + "; create it with `cruddur ddb schema-load" +
           TableWords(session) + "`, or see what there is with `cruddur ddb list-tables" + suffix + "`";
  }
  if (client::IsRemote(error, "ResourceInUseException") || client::IsRemote(error, "TableAlreadyExistsException")) {
    return "table " + session.table + " exists already at " + url + "; drop it with `cruddur ddb drop " +
           session.table + suffix + "`, or keep it with --if-missing";
  }
  if (client::IsRemote(error, "UnrecognizedClientException") || client::IsRemote(error, "InvalidSignatureException") ||
      client::IsRemote(error, "ExpiredTokenException")) {
    return error.text + " (the server at " + url +
           " does not accept these credentials; check AWS_ACCESS_KEY_ID, "
           "AWS_SECRET_ACCESS_KEY and AWS_PROFILE)";
  }
  return error.text;
}

}  // namespace stator::messages
