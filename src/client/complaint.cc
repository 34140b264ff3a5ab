#include "client/complaint.h"

#include "client/client.h"
#include "json/writer.h"

namespace stator::client {

std::string_view ErrorName(const Error& error) {
  const RemoteError* remote = AsRemote(error);
  return remote != nullptr ? std::string_view(remote->name) : std::string_view(NameOf(error.id)).substr(1);
}

std::string Complaint(Bytes program, Bytes name, Bytes text, bool as_json) {
  if (!as_json) return std::string(program).append(": ").append(text);
  std::string out;
  json::Writer writer(&out);
  writer.BeginObject().Key("error").BeginObject();
  writer.Key("name").String(name).Key("message").String(text).EndObject().EndObject();
  return out;
}

}  // namespace stator::client
