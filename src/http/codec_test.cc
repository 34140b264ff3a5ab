#include "http/codec.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/random.h"

namespace stator::http {
namespace {

// Everything there is to know about how a head was read.
std::string Describe(const HeadParser& parser, Parse parsed, Bytes input) {
  if (parsed == Parse::kMore) return "more";
  if (parsed == Parse::kBad) return "bad " + std::to_string(parser.status()) + " " + std::string(parser.reason());
  RequestHead head;
  parser.Fill(input, &head);
  std::string out(head.method);
  out.append("|").append(head.target).append("|").append(head.path).append("|").append(head.query);
  out.append("|1.").append(std::to_string(head.version_minor));
  for (const Header& header : head.headers) out.append("|").append(header.name).append("=").append(header.value);
  out.append("|size ").append(std::to_string(parser.size()));
  out.append("|length ").append(std::to_string(parser.content_length()));
  if (!head.authority.empty()) out.append("|authority ").append(head.authority);
  if (parser.chunked()) out.append("|chunked");
  if (parser.keep_alive()) out.append("|keep-alive");
  if (parser.expects_continue()) out.append("|continue");
  return out;
}

std::string ParseWhole(Bytes input, const Limits& limits = {}) {
  HeadParser parser(limits);
  return Describe(parser, parser.Feed(input), input);
}

// Feeds `first` bytes, then all, from two different buffers of exactly that size.
std::string ParseInTwo(Bytes input, size_t first, const Limits& limits = {}) {
  HeadParser parser(limits);
  {
    const auto part = std::make_unique<char[]>(first);
    std::copy_n(input.data(), first, part.get());
    const Parse parsed = parser.Feed(Bytes(part.get(), first));
    if (parsed != Parse::kMore) return Describe(parser, parsed, input);
  }
  return Describe(parser, parser.Feed(input), input);
}

std::string ParseByteByByte(Bytes input, const Limits& limits = {}) {
  HeadParser parser(limits);
  for (size_t n = 1; n <= input.size(); ++n) {
    const Parse parsed = parser.Feed(input.substr(0, n));
    if (parsed != Parse::kMore) return Describe(parser, parsed, input);
  }
  return "more";
}

struct Case {
  Bytes input;
  Bytes outcome;
};

constexpr Bytes kHost = "Host: a\r\n";

const Case kCases[] = {
    {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET|/|/||1.1|Host=a|size 27|length 0|keep-alive"},
    {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET|/|/||1.1|Host=a|size 31|length 0|keep-alive"},
    {"POST /p/q?x=1&y=? HTTP/1.1\r\nHost:a\r\nContent-Length: 12\r\n\r\nbody",
     "POST|/p/q?x=1&y=?|/p/q|x=1&y=?|1.1|Host=a|Content-Length=12|size 58|length 12|keep-alive"},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS|*|*||1.1|Host=a|size 31|length 0|keep-alive"},
    {"GET http://h:80/p?q HTTP/1.1\r\nHost: h\r\n\r\n",
     "GET|http://h:80/p?q|/p|q|1.1|Host=h|size 41|length 0|authority h:80|keep-alive"},
    {"GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", "GET|http://h|/||1.1|Host=h|size 34|length 0|authority h|keep-alive"},
    {"CONNECT h:443 HTTP/1.0\r\n\r\n", "CONNECT|h:443|||1.0|size 26|length 0|authority h:443"},
    {"GET http://h?q HTTP/1.0\r\n\r\n", "GET|http://h?q||q|1.0|size 27|length 0|authority h"},
    {"GET / HTTP/1.0\r\n\r\n", "GET|/|/||1.0|size 18|length 0"},
    {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
     "GET|/|/||1.0|Connection=Keep-Alive|size 42|length 0|keep-alive"},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
     "GET|/|/||1.1|Host=a|Connection=x, Close|size 49|length 0"},
    {"GET / HTTP/1.1\r\nHost: a\r\nEmpty:\r\nBlank:  \t \r\nHigh: \xc3\xa9\t.\r\n\r\n",
     "GET|/|/||1.1|Host=a|Empty=|Blank=|High=\xc3\xa9\t.|size 59|length 0|keep-alive"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n\r\n",
     "PUT|/|/||1.1|Host=a|Transfer-Encoding=Chunked|Expect=100-Continue|size 77|length 0|chunked|keep-alive|continue"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n",
     "PUT|/|/||1.1|Host=a|Content-Length=3|content-length=3|size 65|length 3|keep-alive"},

    {"GET / HTTP/1.1\nHost: a\n\n", "bad 400 A line does not end in CRLF"},
    {"\nGET / HTTP/1.1\r\n", "bad 400 A line does not end in CRLF"},
    {"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nA\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nLong-Enough: for eight\x7f at once\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nLong-Enough: for eight\x01 at once\r\n\r\n", "bad 400 Malformed header"},
    {"GET / HTTP/1.1\r\n\r\n", "bad 400 A request needs one Host header"},
    {"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "bad 400 A request needs one Host header"},
    {"GET /\r\n\r\n", "bad 400 Malformed request line"},
    {"GET  / HTTP/1.1\r\n\r\n", "bad 400 Malformed request line"},
    {"GET /a b HTTP/1.1\r\n\r\n", "bad 400 Malformed request line"},
    {"GET a HTTP/1.1\r\n\r\n", "bad 400 Malformed request target"},
    {"G(T / HTTP/1.1\r\n\r\n", "bad 400 Malformed request line"},
    {" / HTTP/1.1\r\n\r\n", "bad 400 Malformed request line"},
    {"GET / HTTP/1.1 \r\n\r\n", "bad 400 Malformed request line"},
    {"GET / http/1.1\r\n\r\n", "bad 400 Malformed request line"},
    {"GET / HTTP/11\r\n\r\n", "bad 400 Malformed request line"},
    {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "bad 505 HTTP version not supported"},
    {"\x16\x03\x01\x02\r\n", "bad 400 Malformed request line"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
     "bad 400 Content-Length given twice"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n", "bad 400 Malformed Content-Length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n", "bad 400 Malformed Content-Length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\n", "bad 400 Malformed Content-Length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\n", "bad 400 Malformed Content-Length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", "bad 400 Malformed Content-Length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
     "bad 413 The request's body is too large"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
     "bad 400 Ambiguous body length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
     "bad 400 Ambiguous body length"},
    {"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "bad 400 Ambiguous body length"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
     "bad 501 Transfer-Encoding not supported"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
     "bad 400 Transfer-Encoding given twice"},
    {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n",
     "bad 400 Malformed header"},

    {"", "more"},
    {"GET / HTTP/1.1\r\nHost: a\r\n\r", "more"},
};

TEST(HeadParser, ReadsHeads) {
  for (const Case& c : kCases) EXPECT_EQ(ParseWhole(c.input), c.outcome) << c.input;
}

TEST(HeadParser, OutcomeDoesNotHangOnHowTheInputIsCut) {
  for (const Case& c : kCases) {
    EXPECT_EQ(ParseByteByByte(c.input), c.outcome) << c.input;
    for (size_t cut = 0; cut <= c.input.size(); ++cut) {
      EXPECT_EQ(ParseInTwo(c.input, cut), c.outcome) << c.input << " cut at " << cut;
    }
  }
}

TEST(HeadParser, LimitsHold) {
  Limits limits;
  limits.head_bytes = 64;
  limits.headers = 3;
  const std::string start = "GET / HTTP/1.1\r\n" + std::string(kHost);
  const std::string cases[] = {
      "GET /" + std::string(100, 'a'),
      start + "A: " + std::string(100, 'a') + "\r\n\r\n",
      start + "A: b\r\nA: b\r\nA: b\r\n\r\n",
      std::string(100, '\n'),
  };
  const Bytes outcomes[] = {"bad 414 The request line is too long", "bad 431 The request's headers are too large",
                            "bad 431 Too many headers", "bad 400 A line does not end in CRLF"};
  for (size_t i = 0; i < std::size(cases); ++i) {
    EXPECT_EQ(ParseWhole(cases[i], limits), outcomes[i]);
    EXPECT_EQ(ParseByteByByte(cases[i], limits), outcomes[i]);
    for (size_t cut = 0; cut <= cases[i].size(); ++cut) EXPECT_EQ(ParseInTwo(cases[i], cut, limits), outcomes[i]);
  }
  // Exactly as long as allowed.
  std::string fits = start + "A: ";
  fits += std::string(64 - fits.size() - 4, 'a') + "\r\n\r\n";
  EXPECT_EQ(fits.size(), 64u);
  EXPECT_EQ(ParseWhole(fits, limits).substr(0, 4), "GET|");
}

TEST(HeadParser, IsReadyForTheNextAfterReset) {
  const Limits limits;
  HeadParser parser(limits);
  const Bytes first = "PUT / HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n";
  const Bytes second = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_EQ(parser.Feed(first), Parse::kDone);
  parser.Reset();
  EXPECT_EQ(Describe(parser, parser.Feed(second), second), ParseWhole(second));
  parser.Reset();
  ASSERT_EQ(parser.Feed("x\n"), Parse::kBad);
  EXPECT_EQ(parser.Feed(second), Parse::kBad);
  parser.Reset();
  EXPECT_EQ(Describe(parser, parser.Feed(second), second), ParseWhole(second));
}

// "body|rest", "more" or "bad STATUS".
std::string Decode(const std::vector<Bytes>& pieces, size_t limit = 100) {
  ChunkDecoder decoder;
  std::string body;
  Parse parsed = Parse::kMore;
  std::string rest;
  for (Bytes piece : pieces) {
    if (parsed == Parse::kMore) parsed = decoder.Feed(&piece, &body, limit);
    if (parsed != Parse::kMore) rest.append(piece);
    EXPECT_LE(body.size(), limit);
  }
  if (parsed == Parse::kMore) return "more";
  if (parsed == Parse::kBad) return "bad " + std::to_string(decoder.status());
  return body + "|" + rest;
}

TEST(ChunkDecoder, DecodesHoweverTheInputIsCut) {
  const std::string long_extension = "3;" + std::string(300, 'x') + "\r\nabc\r\n0\r\n\r\n";
  const std::string long_trailer = "0\r\nA: " + std::string(9000, 'x') + "\r\n\r\n";
  const Case cases[] = {
      {"5\r\nhello\r\n0\r\n\r\nNEXT", "hello|NEXT"},
      {"0\r\n\r\n", "|"},
      {"1\r\na\r\n2\r\nbc\r\n000\r\n\r\n", "abc|"},
      {"A;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n", "0123456789|"},
      {"a \t;x\r\n0123456789\r\n0;end\r\n\r\n", "0123456789|"},
      {"5\r\nhel\n\r\r\n0\r\n\r\n", "hel\n\r|"},
      {"5\r\nhello\r\n0\r\n", "more"},
      {"5\r\nhel", "more"},
      {"", "more"},
      {"5\nhello\r\n0\r\n\r\n", "bad 400"},
      {"5\r\nhelloX\r\n0\r\n\r\n", "bad 400"},
      {"5\r\nhello\n0\r\n\r\n", "bad 400"},
      {"\r\nhello", "bad 400"},
      {" 5\r\nhello\r\n", "bad 400"},
      {"-5\r\nhello\r\n", "bad 400"},
      {"0x5\r\nhello\r\n", "bad 400"},
      {"5;\nhello\r\n", "bad 400"},
      {"0\r\nA: b\n\r\n", "bad 400"},
      {"0\r\n\rX", "bad 400"},
      {"0\r\nA\r\r\n\r\n", "bad 400"},
      {"FFFFFFFF1\r\n", "bad 400"},
      {"ffffffff\r\n", "bad 413"},
      {"65\r\n", "bad 413"},
      {"60\r\n", "more"},
      {long_extension, "bad 400"},
      {long_trailer, "bad 400"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Decode({c.input}), c.outcome) << c.input.substr(0, 50);
    std::vector<Bytes> bytes;
    for (size_t i = 0; i < c.input.size(); ++i) bytes.push_back(c.input.substr(i, 1));
    EXPECT_EQ(Decode(bytes), c.outcome) << c.input.substr(0, 50);
    for (size_t cut = 0; cut <= c.input.size(); ++cut) {
      ASSERT_EQ(Decode({c.input.substr(0, cut), c.input.substr(cut)}), c.outcome) << c.input.substr(0, 50) << cut;
    }
  }
}

TEST(ChunkDecoder, RoundTripsRandomBodies) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 500; ++round) {
    std::string body;
    std::string wire;
    for (uint64_t chunks = random.Below(6); chunks > 0; --chunks) {
      std::string chunk;
      for (uint64_t n = random.Below(40) + 1; n > 0; --n) chunk.push_back(static_cast<char>(random.Next()));
      char size[16];
      std::snprintf(size, sizeof size, random.Below(2) ? "%zX" : "%04zx", chunk.size());
      wire.append(size).append("\r\n").append(chunk).append("\r\n");
      body += chunk;
    }
    wire += "0\r\n\r\n";
    std::vector<Bytes> pieces;
    for (Bytes left = wire; !left.empty();) {
      const size_t n = random.Below(left.size()) + 1;
      pieces.push_back(left.substr(0, n));
      left.remove_prefix(n);
    }
    ASSERT_EQ(Decode(pieces, 1000), body + "|");
  }
}

}  // namespace
}  // namespace stator::http
