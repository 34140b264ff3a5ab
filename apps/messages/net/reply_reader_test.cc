#include "net/reply_reader.h"

#include <gtest/gtest.h>

namespace stator::messages {
namespace {

using State = ReplyReader::State;

struct Sample {
  std::string wire;
  int status;
  std::string body;
  bool keep_alive;
};

const std::vector<Sample>& Samples() {
  static const auto* samples = new std::vector<Sample>{
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
      {"HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", 200, "", true},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"HTTP/1.1 400 Bad Request\r\nConnection: Close\r\nContent-Length: 2\r\n\r\n{}", 400, "{}", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde", true},
  };
  return *samples;
}

TEST(ReplyReaderTest, DoesNotHangOnHowRepliesAreCut) {
  for (const Sample& sample : Samples()) {
    for (size_t cut = 0; cut <= sample.wire.size(); ++cut) {
      ReplyReader reader;
      const Bytes wire = sample.wire;
      State state = reader.Feed(wire.substr(0, cut));
      if (cut < wire.size()) {
        ASSERT_EQ(state, State::kMore) << sample.wire << " cut at " << cut;
        state = reader.Feed(wire.substr(cut));
      }
      ASSERT_EQ(state, State::kDone) << sample.wire << " cut at " << cut;
      EXPECT_EQ(reader.reply().status, sample.status);
      EXPECT_EQ(reader.reply().body, sample.body);
      EXPECT_EQ(reader.keep_alive(), sample.keep_alive);
    }
  }
}

TEST(ReplyReaderTest, ABodyWithoutALengthEndsWithTheConnection) {
  ReplyReader reader;
  EXPECT_EQ(reader.Feed("HTTP/1.1 200 OK\r\nX-Some: Thing \r\n\r\nall of"), State::kMore);
  EXPECT_EQ(reader.Feed(" it"), State::kMore);
  EXPECT_EQ(reader.End(), State::kDone);
  EXPECT_EQ(reader.reply().body, "all of it");
  EXPECT_EQ(reader.reply().Find("x-some"), "Thing");
  EXPECT_FALSE(reader.keep_alive());
}

TEST(ReplyReaderTest, NothingMayFollowAReply) {
  ReplyReader reader;
  EXPECT_EQ(reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1"), State::kDone);
  EXPECT_FALSE(reader.keep_alive());
}

TEST(ReplyReaderTest, WhatIsNoReplyIsBad) {
  for (const std::string wire :
       {"SSH-2.0-x\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    ReplyReader reader;
    EXPECT_EQ(reader.Feed(wire), State::kBad) << wire;
    EXPECT_EQ(reader.Feed("more"), State::kBad);
  }
  ReplyReader endless;
  EXPECT_EQ(endless.Feed(std::string(70 << 10, 'x')), State::kBad);
}

TEST(ReplyReaderTest, AnEndInTheMiddleIsBad) {
  for (const std::string wire : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"}) {
    ReplyReader reader;
    EXPECT_EQ(reader.Feed(wire), State::kMore);
    EXPECT_EQ(reader.End(), State::kBad) << wire;
    EXPECT_EQ(reader.begun(), !wire.empty());
  }
}

}  // namespace
}  // namespace stator::messages
