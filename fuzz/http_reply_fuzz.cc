// Replies to the application's back end, whole and in pieces: how the input is cut must not change what is read.
//
// The first byte seeds the cuts; the rest is what a server sends before it closes the connection.
#include <algorithm>

#include "base/check.h"
#include "base/random.h"
#include "net/reply_reader.h"

namespace {

using stator::Bytes;
using stator::messages::ReplyReader;
using State = ReplyReader::State;

struct Outcome {
  State state = State::kMore;
  bool keep_alive = false;
  stator::client::HttpReply reply;
  bool operator==(const Outcome& other) const {
    if (state != other.state) return false;
    return state != State::kDone || (keep_alive == other.keep_alive && reply.status == other.reply.status &&
                                     reply.headers == other.reply.headers && reply.body == other.reply.body);
  }
};

template <class NextSize>
Outcome Read(Bytes input, NextSize next_size) {
  ReplyReader reader;
  State state = State::kMore;
  while (!input.empty() && state != State::kBad) {
    const Bytes piece = input.substr(0, std::max<size_t>(next_size(), 1));
    input.remove_prefix(piece.size());
    state = reader.Feed(piece);
  }
  if (state == State::kMore) state = reader.End();
  STATOR_CHECK(state != State::kMore);
  return {state, reader.keep_alive(), reader.reply()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Bytes input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = Read(input, [&] { return input.size(); });
  stator::Random random(data[0]);
  STATOR_CHECK(whole == Read(input, [&] { return random.Below(24); }));
  STATOR_CHECK(whole == Read(input, [] { return size_t{1}; }));
  if (whole.state == State::kDone) STATOR_CHECK(whole.reply.status >= 100 && whole.reply.body.size() <= input.size());
  return 0;
}
