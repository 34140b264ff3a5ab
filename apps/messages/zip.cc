// See zip.h; the format is APPNOTE 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16.
#include "zip.h"

#include <array>
#include <cstdint>

namespace stator::messages {
namespace {

constexpr uint16_t kVersion = 20;
constexpr uint16_t kMadeOnUnix = 3 << 8 | kVersion;
constexpr uint16_t kDate = 33;  // 1980-01-01, the first there is
constexpr uint32_t kRegularFile = 0100000;

void Append16(std::string* out, uint32_t v) {
  out->push_back(static_cast<char>(v & 0xff));
  out->push_back(static_cast<char>(v >> 8 & 0xff));
}
void Append32(std::string* out, uint32_t v) {
  Append16(out, v & 0xffff);
  Append16(out, v >> 16);
}

uint32_t Crc32(Bytes bytes) {
  static constexpr std::array<uint32_t, 256> kTable = [] {
    std::array<uint32_t, 256> table{};
    for (uint32_t n = 0; n < 256; ++n) {
      uint32_t c = n;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1;
      table[n] = c;
    }
    return table;
  }();
  uint32_t crc = 0xffffffff;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

// What the entry and the directory say alike.
void AppendFacts(std::string* out, const ZipEntry& entry) {
  Append16(out, 0);  // flags
  Append16(out, 0);  // stored
  Append16(out, 0);  // time
  Append16(out, kDate);
  Append32(out, Crc32(entry.content));
  Append32(out, static_cast<uint32_t>(entry.content.size()));
  Append32(out, static_cast<uint32_t>(entry.content.size()));
  Append16(out, static_cast<uint32_t>(entry.name.size()));
  Append16(out, 0);  // extra field
}

}  // namespace

std::string MakeZip(const std::vector<ZipEntry>& entries) {
  std::string zip;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const auto offset = static_cast<uint32_t>(zip.size());
    Append32(&zip, 0x04034b50);
    Append16(&zip, kVersion);
    AppendFacts(&zip, entry);
    zip.append(entry.name).append(entry.content);

    Append32(&directory, 0x02014b50);
    Append16(&directory, kMadeOnUnix);
    Append16(&directory, kVersion);
    AppendFacts(&directory, entry);
    Append16(&directory, 0);  // comment
    Append16(&directory, 0);  // disk
    Append16(&directory, 0);  // internal attributes
    Append32(&directory, (kRegularFile | static_cast<uint32_t>(entry.mode)) << 16);
    Append32(&directory, offset);
    directory.append(entry.name);
  }
  const auto begin = static_cast<uint32_t>(zip.size());
  zip.append(directory);
  Append32(&zip, 0x06054b50);
  Append32(&zip, 0);  // this disk, the directory's disk
  Append16(&zip, static_cast<uint32_t>(entries.size()));
  Append16(&zip, static_cast<uint32_t>(entries.size()));
  Append32(&zip, static_cast<uint32_t>(directory.size()));
  Append32(&zip, begin);
  Append16(&zip, 0);  // comment
  return zip;
}

}  // namespace stator::messages
