#include "http/compress.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "base/random.h"

namespace stator::http {
namespace {

constexpr int kGzip = 15 + 16;
constexpr int kZlib = 15;
constexpr int kRaw = -15;

// zlib's own words, as another program would say them.
std::string Pack(Bytes text, int window, int level = 6) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

constexpr size_t kLimit = 1 << 20;

TEST(Inflate, ReadsWhatClientsSend) {
  const std::string text = "{\"TableName\":\"t\"}" + std::string(20'000, 'x');
  const struct {
    Bytes coding;
    std::string body;
  } cases[] = {{"gzip", Pack(text, kGzip)},    {"GZIP", Pack(text, kGzip, 0)}, {"x-gzip", Pack(text, kGzip)},
               {"deflate", Pack(text, kZlib)}, {"deflate", Pack(text, kRaw)},  {"Deflate", Pack(text, kRaw, 0)}};
  for (const auto& c : cases) {
    std::string out = "left from before";
    EXPECT_EQ(Inflate(c.coding, c.body, kLimit, &out), Inflated::kDone) << c.coding;
    EXPECT_EQ(out, text);
  }
}

TEST(Inflate, JoinsGzipMembers) {
  std::string out;
  const std::string body = Pack("one ", kGzip) + Pack("", kGzip) + Pack("two", kGzip);
  EXPECT_EQ(Inflate("gzip", body, kLimit, &out), Inflated::kDone);
  EXPECT_EQ(out, "one two");
}

TEST(Inflate, LeavesIdentityAloneAndKnowsNoOthers) {
  std::string out;
  EXPECT_EQ(Inflate("Identity", "abc", kLimit, &out), Inflated::kIdentity);
  for (Bytes coding : {"br", "zstd", "gzip, gzip", "compress", "gzipp"}) {
    EXPECT_EQ(Inflate(coding, "abc", kLimit, &out), Inflated::kUnknown) << coding;
  }
}

TEST(Inflate, RefusesWhatIsCutOrDamaged) {
  const std::string text(300, 'x');
  for (const auto& [coding, window] : {std::pair<Bytes, int>{"gzip", kGzip}, {"deflate", kZlib}, {"deflate", kRaw}}) {
    const std::string body = Pack(text, window);
    std::string out;
    for (size_t cut = 0; cut < body.size(); ++cut) {
      EXPECT_EQ(Inflate(coding, Bytes(body).substr(0, cut), kLimit, &out), Inflated::kBroken) << coding << " " << cut;
    }
    EXPECT_EQ(Inflate(coding, body + "rest", kLimit, &out), Inflated::kBroken) << coding;
  }
  std::string out;
  std::string wrong_sum = Pack(text, kGzip);
  wrong_sum[wrong_sum.size() - 5] ^= 1;
  EXPECT_EQ(Inflate("gzip", wrong_sum, kLimit, &out), Inflated::kBroken);
  EXPECT_EQ(Inflate("gzip", Pack("a", kGzip) + Pack(text, kGzip).substr(0, 15), kLimit, &out), Inflated::kBroken);
}

TEST(Inflate, LimitHoldsToTheByteAndOverAllMembers) {
  const std::string text(100'000, 'x');
  std::string out;
  EXPECT_EQ(Inflate("gzip", Pack(text, kGzip), text.size(), &out), Inflated::kDone);
  EXPECT_EQ(Inflate("gzip", Pack(text, kGzip), text.size() - 1, &out), Inflated::kTooLarge);
  EXPECT_LE(out.capacity(), 4 * text.size());
  EXPECT_EQ(Inflate("gzip", Pack(text, kGzip) + Pack("y", kGzip), text.size(), &out), Inflated::kTooLarge);
  EXPECT_EQ(Inflate("deflate", Pack(std::string(50'000'000, 'x'), kZlib), kLimit, &out), Inflated::kTooLarge);
  EXPECT_LE(out.capacity(), 4 * kLimit);
}

TEST(Inflate, RandomBytesNeverDoMoreThanFail) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string body = Pack(std::string(random.Below(2000), 'x'), random.Below(2) ? kGzip : kRaw);
    for (uint64_t n = random.Below(4) + 1; n > 0; --n) {
      body[random.Below(body.size())] = static_cast<char>(random.Next());
    }
    std::string out;
    Inflate(random.Below(2) ? "gzip" : "deflate", body, 10'000, &out);
    ASSERT_LE(out.size(), 10'001u);
  }
}

TEST(Compress, FollowsAcceptEncoding) {
  const struct {
    Bytes accept;
    Bytes coding;
  } cases[] = {{"gzip", "gzip"},
               {"deflate, gzip", "gzip"},
               {"gzip;q=0.5, deflate", "deflate"},
               {"gzip;q=0, deflate;q=0.001", "deflate"},
               {"*", "gzip"},
               {"gzip;q=0, *", "deflate"},
               {"GZIP ; Q=1.0", "gzip"},
               {"identity", ""},
               {"", ""},
               {"br, zstd", ""},
               {"gzip;q=0", ""},
               {"gzip;q=0.000,deflate;q=0", ""},
               {"*;q=0", ""},
               {",,gzip,", "gzip"}};
  const std::string text(5000, 'x');
  for (const auto& c : cases) {
    const Coding coding = ChooseCoding(c.accept, text.size());
    EXPECT_EQ(NameOf(coding), c.coding) << c.accept;
    if (c.coding.empty()) continue;
    std::string out;
    EXPECT_EQ(Inflate(c.coding, Compress(coding, text), kLimit, &out), Inflated::kDone);
    EXPECT_EQ(out, text);
  }
}

TEST(Compress, LeavesSmallBodiesAlone) {
  EXPECT_EQ(ChooseCoding("gzip", 4095), Coding::kIdentity);
  EXPECT_EQ(ChooseCoding("gzip", 4096), Coding::kGzip);
}

TEST(Compress, TakesWhatGetsNoSmaller) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{100'000}, size_t{1'000'000}}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random.Next());
    for (Coding coding : {Coding::kGzip, Coding::kDeflate}) {
      const std::string sent = Compress(coding, noise);
      EXPECT_LE(sent.size(), size + size / 1000 + 64);
      std::string out;
      EXPECT_EQ(Inflate(NameOf(coding), sent, kLimit, &out), Inflated::kDone);
      EXPECT_EQ(out, noise);
    }
  }
}

TEST(Crc32, IsThatOfGzip) {
  EXPECT_EQ(Crc32(""), 0u);
  EXPECT_EQ(Crc32("123456789"), 0xcbf43926u);
}

}  // namespace
}  // namespace stator::http
