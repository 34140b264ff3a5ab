#include "engine/rocksdb/manifest_tail.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"
#include "engine/rocksdb/rocksdb_engine.h"

namespace stator::engine {
namespace {

// The MANIFEST of a store that was opened a few times, as RocksDB wrote it.
std::string SomeManifest() {
  const auto path = std::filesystem::temp_directory_path() / ("stator-manifest-" + NewUuid());
  Clock clock;
  RocksOptions options;
  options.path = path.string();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(OpenRocksEngine(options, clock).ok());
  std::string name;
  std::string content;
  EXPECT_TRUE(rocksdb::ReadFileToString(rocksdb::Env::Default(), (path / "CURRENT").string(), &name).ok());
  name.pop_back();
  EXPECT_TRUE(rocksdb::ReadFileToString(rocksdb::Env::Default(), (path / name).string(), &content).ok());
  std::filesystem::remove_all(path);
  return content;
}

TEST(ManifestTailTest, AHealthyManifestIsWhole) {
  const std::string manifest = SomeManifest();
  EXPECT_GT(manifest.size(), 0u);
  EXPECT_EQ(WholeRecords(manifest), manifest.size());
}

TEST(ManifestTailTest, EveryTearEndsAtARecord) {
  const std::string manifest = SomeManifest();
  size_t last = 0;
  for (size_t size = 0; size <= manifest.size(); ++size) {
    const size_t whole = WholeRecords(Bytes(manifest).substr(0, size));
    EXPECT_LE(whole, size);
    EXPECT_GE(whole, last);
    for (const char filler : {'\0', 'x'}) {
      std::string torn = manifest.substr(0, size);
      torn.resize(manifest.size() + 100, filler);
      EXPECT_GE(WholeRecords(torn), whole);  // more where the filler is what was torn away
    }
    last = whole;
  }
  EXPECT_EQ(last, manifest.size());
}

TEST(ManifestTailTest, AFlippedBitEndsTheWholeRecords) {
  const std::string manifest = SomeManifest();
  for (size_t i = 0; i < manifest.size(); ++i) {
    std::string flipped = manifest;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_LE(WholeRecords(flipped), i);
  }
}

}  // namespace
}  // namespace stator::engine
