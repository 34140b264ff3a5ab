// One exchange with a service, without the sending: what goes out, and what an answer means.
#pragma once

#include "client/client.h"
#include "client/transport.h"
#include "errors/error.h"

namespace stator::client {

// Signed over all of its headers and its body, which it borrows from the call.
HttpRequest SignedRequest(const Target&, const ServiceCall&, const sigv4::Credentials&, Time now);

// What an answer of another status than 200 to 299 says: kRemoteError or kNotDynamoDb, as Client::Call tells them.
Error ErrorIn(const HttpReply& reply, const std::string& url);

}  // namespace stator::client
