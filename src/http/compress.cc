// See compress.h. zlib's states are large, so each thread keeps one of a kind and resets it. Checksums are
// libdeflate's, which takes a seventh of zlib's time for them.
#include "http/compress.h"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>

#include "base/check.h"
#include "http/text.h"

namespace stator::http {
namespace {

constexpr size_t kWorthCompressing = 4096;
constexpr size_t kRoom = 512;  // more than what is compressed to nothing needs
constexpr int kLevel = 1;      // most of the gain for a fraction of the time
constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;

class Inflater {
 public:
  Inflater() { STATOR_CHECK(inflateInit2(&stream_, kGzipWindow) == Z_OK); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // One member; takes what it used off `in`.
  Inflated Member(int window, Bytes* in, size_t limit, std::string* out) {
    inflateReset2(&stream_, window);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in->data()));
    stream_.avail_in = static_cast<uInt>(in->size());
    int result = Z_OK;
    while (result == Z_OK) {
      // One byte beyond the limit tells a body of just that size from a larger one.
      const size_t old = out->size();
      const size_t room = std::min(std::max(old, size_t{16} << 10), limit + 1 - old);
      out->resize(old + room);
      stream_.next_out = reinterpret_cast<Bytef*>(out->data() + old);
      stream_.avail_out = static_cast<uInt>(room);
      result = inflate(&stream_, Z_NO_FLUSH);
      out->resize(old + room - stream_.avail_out);
      if (out->size() > limit) return Inflated::kTooLarge;
      if (result == Z_OK && stream_.avail_in == 0 && stream_.avail_out > 0) return Inflated::kBroken;  // cut short
    }
    in->remove_prefix(in->size() - stream_.avail_in);
    return result == Z_STREAM_END ? Inflated::kDone : Inflated::kBroken;
  }

 private:
  z_stream stream_{};
};

class Deflater {
 public:
  explicit Deflater(int window) {
    STATOR_CHECK(deflateInit2(&stream_, kLevel, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  std::string Run(Bytes in) {
    deflateReset(&stream_);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    const size_t most = deflateBound(&stream_, in.size());
    std::string out;
    size_t made = 0;
    int result = Z_OK;
    for (size_t room = in.size() / 4 + kRoom; result == Z_OK; room *= 2) {
      out.resize(std::min(room, most));
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + made);
      stream_.avail_out = static_cast<uInt>(out.size() - made);
      result = deflate(&stream_, Z_FINISH);
      made = out.size() - stream_.avail_out;
    }
    STATOR_CHECK(result == Z_STREAM_END);
    out.resize(made);
    return out;
  }

 private:
  z_stream stream_{};
};

Inflater& ThreadInflater() {
  thread_local Inflater inflater;
  return inflater;
}

// How much a coding is wanted, in thousandths; -1 if it is not named (RFC 9110, section 12.5.3).
int Weight(Bytes accept, Bytes coding) {
  while (const auto member = NextMember(&accept)) {
    const size_t semicolon = member->find(';');
    if (!EqualsLower(Trim(member->substr(0, semicolon)), coding)) continue;
    if (semicolon == Bytes::npos) return 1000;
    const Bytes parameter = Trim(member->substr(semicolon + 1));
    if (parameter.size() < 3 || ToLower(parameter[0]) != 'q' || parameter[1] != '=') return 1000;
    if (parameter[2] == '1') return 1000;
    int weight = 0;
    int unit = 100;
    for (size_t i = 4; i < parameter.size() && i < 7; ++i, unit /= 10) {
      if (parameter[i] < '0' || parameter[i] > '9') return 0;
      weight += (parameter[i] - '0') * unit;
    }
    return weight;
  }
  return -1;
}

}  // namespace

Inflated Inflate(Bytes coding, Bytes body, size_t limit, std::string* out) {
  if (EqualsLower(coding, "identity")) return Inflated::kIdentity;
  out->clear();
  const bool gzip = EqualsLower(coding, "gzip") || EqualsLower(coding, "x-gzip");
  if (!gzip && !EqualsLower(coding, "deflate")) return Inflated::kUnknown;
  Inflater& inflater = ThreadInflater();
  Bytes in = body;
  if (!gzip) {
    Inflated result = inflater.Member(kZlibWindow, &in, limit, out);
    if (result == Inflated::kBroken && out->empty()) {
      in = body;
      result = inflater.Member(kRawWindow, &in, limit, out);
    }
    return result == Inflated::kDone && !in.empty() ? Inflated::kBroken : result;
  }
  do {
    const Inflated result = inflater.Member(kGzipWindow, &in, limit, out);
    if (result != Inflated::kDone) return result;
  } while (!in.empty());
  return Inflated::kDone;
}

Coding ChooseCoding(Bytes accept_encoding, size_t size) {
  if (accept_encoding.empty() || size < kWorthCompressing) return Coding::kIdentity;
  const int any = Weight(accept_encoding, "*");
  const auto weight = [&](Bytes coding) {
    const int own = Weight(accept_encoding, coding);
    return own < 0 ? any : own;
  };
  const int gzip = weight("gzip");
  const int deflate = weight("deflate");
  if (gzip <= 0 && deflate <= 0) return Coding::kIdentity;
  return gzip >= deflate ? Coding::kGzip : Coding::kDeflate;
}

Bytes NameOf(Coding coding) {
  switch (coding) {
    case Coding::kIdentity:
      return {};
    case Coding::kGzip:
      return "gzip";
    case Coding::kDeflate:
      return "deflate";
  }
  return {};
}

std::string Compress(Coding coding, Bytes body) {
  if (coding == Coding::kIdentity) return std::string(body);
  if (coding == Coding::kGzip) {
    thread_local Deflater deflater(kGzipWindow);
    return deflater.Run(body);
  }
  thread_local Deflater deflater(kZlibWindow);
  return deflater.Run(body);
}

uint32_t Crc32(Bytes bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

}  // namespace stator::http
