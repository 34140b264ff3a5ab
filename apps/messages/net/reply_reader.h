// Reads the reply to one request of HTTP/1.1 (RFC 9112), in whatever pieces it arrives.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "client/transport.h"
#include "http/codec.h"

namespace stator::messages {

class ReplyReader {
 public:
  enum class State { kMore, kDone, kBad };

  // `piece` is what came next.
  State Feed(Bytes piece);
  // The connection has ended: kDone if that is how the body ends, otherwise kBad.
  State End();
  // Ready for the next reply.
  void Reset() { *this = ReplyReader(); }

  // Something of it has come.
  bool begun() const { return begun_; }
  // After kDone: whether the connection can be used again.
  bool keep_alive() const { return keep_alive_; }
  client::HttpReply& reply() { return reply_; }

 private:
  enum class Part { kHead, kLength, kChunks, kToTheEnd, kDone, kBad };

  State StateNow() const;
  Part TakeHead(Bytes* piece);
  Part ReadHead(Bytes head);
  bool ReadStatusLine(Bytes line);
  bool ReadHeader(Bytes line);
  Part BodyPart();
  Part TakeBody(Bytes* piece);

  Part part_ = Part::kHead;
  std::string head_;
  client::HttpReply reply_;
  http::ChunkDecoder chunks_;
  uint64_t left_ = 0;
  bool keep_alive_ = true;
  bool begun_ = false;
};

}  // namespace stator::messages
