// The format is that of RocksDB's db/log_format.h. Tests: manifest_tail_test.cc, power_cut_test.cc.
#include "engine/rocksdb/manifest_tail.h"

#include <array>

#include "base/coding.h"
#include "base/log.h"
#include "engine/rocksdb/folder.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

constexpr size_t kBlock = 32768;
constexpr size_t kHeader = 7;
enum RecordType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// CRC-32C (Castagnoli), as iSCSI has it; RFC 3720, appendix B.4.
uint32_t Crc32c(Bytes bytes) {
  static const auto table = [] {
    std::array<uint32_t, 256> t{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = c & 1 ? c >> 1 ^ 0x82f63b78 : c >> 1;
      t[i] = c;
    }
    return t;
  }();
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xff] ^ crc >> 8;
  return ~crc;
}

uint32_t Masked(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8; }

// The fragment at the front of `in`, which ends with its block or with the file; 0 if it is not whole.
size_t FragmentSize(Bytes in, uint8_t* type) {
  Bytes rest = in;
  uint32_t crc = 0;
  uint8_t low = 0;
  uint8_t high = 0;
  if (!GetFixed32(&rest, &crc) || !GetByte(&rest, &low) || !GetByte(&rest, &high)) return 0;
  const size_t length = static_cast<size_t>(low | high << 8);
  if (rest.size() < 1 + length) return 0;
  *type = static_cast<uint8_t>(rest.front());
  if (*type < kFull || *type > kLast || crc != Masked(Crc32c(rest.substr(0, 1 + length)))) return 0;
  return kHeader + length;
}

}  // namespace

size_t WholeRecords(Bytes file) {
  size_t whole = 0;
  bool inside = false;
  for (size_t at = 0; at < file.size();) {
    const size_t left = kBlock - at % kBlock;
    if (left < kHeader) {
      at += left;
      continue;
    }
    uint8_t type = 0;
    const size_t size = FragmentSize(file.substr(at, left), &type);
    const bool begins = type == kFull || type == kFirst;
    if (size == 0 || begins == inside) return whole;
    at += size;
    inside = type == kFirst || type == kMiddle;
    if (!inside) whole = at;
  }
  return whole;
}

Status CutTornManifest(rocksdb::Env* env, const std::string& path) {
  std::string name;
  if (!rocksdb::ReadFileToString(env, path + "/CURRENT", &name).ok() || name.empty()) return {};
  if (name.back() == '\n') name.pop_back();
  const std::string manifest = path + "/" + name;
  std::string content;
  if (!rocksdb::ReadFileToString(env, manifest, &content).ok()) return {};
  const size_t whole = WholeRecords(content);
  if (whole == 0 || whole == content.size() || content.size() - whole > kLongestTornTail) return {};
  LogWarn("storage: the last change of " + name + " was torn by a loss of power and is undone");
  const std::string repaired = manifest + ".dbtmp";
  rocksdb::Status status = rocksdb::WriteStringToFile(env, content.substr(0, whole), repaired, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(repaired, manifest);
  if (!status.ok()) return Fail(errors::kEngineIo, status.ToString());
  return SyncFolder(env, path);
}

}  // namespace stator::engine
