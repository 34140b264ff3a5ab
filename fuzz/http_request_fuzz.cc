// Requests, whole and in pieces: how the input is cut must not change what is read.
//
// The first byte seeds the cuts; the rest is what a client sends.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/random.h"
#include "http/codec.h"
#include "http/compress.h"

namespace {

using namespace stator;        // NOLINT(google-build-using-namespace): a fuzz target is one file
using namespace stator::http;  // NOLINT(google-build-using-namespace)

constexpr size_t kBodyLimit = 4096;

Limits SmallLimits() {
  Limits limits;
  limits.head_bytes = 1024;
  limits.headers = 16;
  return limits;
}

struct Outcome {
  std::string told;
  bool operator==(const Outcome&) const = default;
};

void Tell(Outcome* outcome, Bytes text) { outcome->told.append(std::to_string(text.size())).append(":").append(text); }

// Reads requests from `input`, of which ever more is there, as a connection does.
template <class NextSize>
Outcome ReadAll(Bytes input, NextSize next_size) {
  const Limits limits = SmallLimits();
  Outcome outcome;
  HeadParser parser(limits);
  ChunkDecoder chunks;
  std::string body;
  size_t used = 0;
  size_t seen = 0;
  bool in_body = false;
  while (true) {
    Parse parsed = Parse::kMore;
    if (!in_body) {
      // A copy of its own size: reading beyond it is caught, and the bytes move between calls.
      const std::string present(input.substr(used, seen - used));
      parsed = parser.Feed(present);
      if (parsed == Parse::kDone) {
        RequestHead head;
        parser.Fill(present, &head);
        Tell(&outcome, head.method);
        Tell(&outcome, head.path);
        Tell(&outcome, head.query);
        Tell(&outcome, head.authority);
        for (const Header& header : head.headers) {
          Tell(&outcome, header.name);
          Tell(&outcome, header.value);
        }
        Tell(&outcome, parser.keep_alive() ? "keep" : "close");
        used += parser.size();
        in_body = true;
        body.clear();
        chunks.Reset();
        if (parser.content_length() > kBodyLimit) return Tell(&outcome, "long"), outcome;
        continue;
      }
      if (parsed == Parse::kBad) return Tell(&outcome, parser.reason()), outcome;
    } else {
      if (parser.chunked()) {
        const std::string present(input.substr(used, seen - used));
        Bytes in = present;
        parsed = chunks.Feed(&in, &body, kBodyLimit);
        STATOR_CHECK(body.size() <= kBodyLimit);
        used += present.size() - in.size();
        if (parsed == Parse::kBad) return Tell(&outcome, chunks.reason()), outcome;
      } else if (seen - used >= parser.content_length()) {
        body = input.substr(used, parser.content_length());
        used += body.size();
        parsed = Parse::kDone;
      }
      if (parsed == Parse::kDone) {
        Tell(&outcome, body);
        std::string inflated;
        Inflate("gzip", body, kBodyLimit, &inflated);
        Inflate("deflate", body, kBodyLimit, &inflated);
        in_body = false;
        parser.Reset();
        continue;
      }
    }
    if (seen == input.size()) return outcome;
    seen = next_size(seen);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Random random(data[0]);
  const Bytes input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = ReadAll(input, [&](size_t) { return input.size(); });
  const Outcome cut = ReadAll(
      input, [&](size_t seen) { return std::min(input.size(), seen + 1 + random.Below(random.Below(2) ? 4 : 200)); });
  STATOR_CHECK(whole == cut);
  return 0;
}
