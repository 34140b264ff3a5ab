#include "functions/unzip.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zip.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "errors/functions.h"

namespace stator::functions {
namespace {

namespace fs = std::filesystem;

struct Made {
  std::string name;
  std::string text;
  uint32_t mode = 0100644;  // 0: from a system without modes
  bool stored = false;
};

class UnzipTest : public ::testing::Test {
 protected:
  UnzipTest() {
    std::string path = (fs::temp_directory_path() / "stator-unzip-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    fs::create_directory(to());
  }
  ~UnzipTest() override { fs::remove_all(folder_); }

  std::string to() const { return folder_ + "/to"; }
  std::string file() const { return folder_ + "/code.zip"; }

  // Both are read again when the archive is closed: `entries` outlives it.
  void Make(const std::vector<Made>& entries) {
    zip_t* archive = zip_open(file().c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    ASSERT_NE(archive, nullptr);
    for (const Made& made : entries) {
      zip_source_t* source = zip_source_buffer(archive, made.text.data(), made.text.size(), 0);
      const zip_int64_t index = zip_file_add(archive, made.name.c_str(), source, ZIP_FL_OVERWRITE);
      ASSERT_GE(index, 0);
      const auto at = static_cast<zip_uint64_t>(index);
      const zip_uint8_t system = made.mode == 0 ? ZIP_OPSYS_DOS : ZIP_OPSYS_UNIX;
      zip_file_set_external_attributes(archive, at, 0, system, made.mode << 16);
      zip_set_file_compression(archive, at, made.stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
  }
  void Write(const std::string& bytes) {
    std::ofstream out(file(), std::ios::binary);
    out << bytes;
  }
  std::string ReadZip() const { return Read(file()); }
  static std::string Read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat stat_of {};
    return lstat(path.c_str(), &stat_of) == 0 ? stat_of.st_mode & 07777 : 0;
  }

  std::string folder_;
};

TEST_F(UnzipTest, FilesFoldersModesAndLinks) {
  Make({{"handler.py", "print()\n"},
        {"bin/run", "#!/bin/sh\n", 0100755, true},
        {"secret", "s", 0100600},
        {"from/dos", "d", 0},
        {"empty/", "", 040755},
        {"bin/link", "../handler.py", 0120777},
        {"setuid", "x", 0104755}});
  const Status status = Unzip(file(), to());
  ASSERT_TRUE(status.ok()) << status.error().text;
  EXPECT_EQ(Read(to() + "/handler.py"), "print()\n");
  EXPECT_EQ(ModeOf(to() + "/bin/run"), 0755U);
  EXPECT_EQ(ModeOf(to() + "/secret"), 0644U);
  EXPECT_EQ(ModeOf(to() + "/from/dos"), 0644U);
  EXPECT_EQ(ModeOf(to() + "/setuid"), 0755U);
  EXPECT_TRUE(fs::is_directory(to() + "/empty"));
  EXPECT_EQ(fs::read_symlink(to() + "/bin/link"), "../handler.py");
  EXPECT_EQ(Read(to() + "/bin/link"), "print()\n");
}

TEST_F(UnzipTest, WhatIsNoZip) {
  for (const char* bytes : {"not a zip", "PK\x03\x04", "PK\x05\x06"}) {
    Write(bytes);
    const Status status = Unzip(file(), to());
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().id, errors::kZipUnreadable);
  }
}

TEST_F(UnzipTest, NothingLeavesTheFolder) {
  const std::vector<Made> cases[] = {
      {{"../out", "x"}},
      {{"a/../../out", "x"}},
      {{"/tmp/stator-out", "x"}},
      {{"link", "..", 0120777}},
      {{"link", "/etc", 0120777}},
      {{"a/link", "../../out", 0120777}},
      {{"a/link", "b/../../../out", 0120777}},
      {{"link", "", 0120777}},
      // Through a link within the folder, and to where only a chain of links leads.
      {{"sub/", "", 040755}, {"link", "sub", 0120777}, {"link/file", "x"}},
      {{"a/b/up", "../..", 0120777}, {"out", "a/b/up/..", 0120777}},
      {{"file", "x"}, {"file/below", "x"}},
      {{"", "x"}},
      {{".", "x"}},
  };
  for (const auto& entries : cases) {
    fs::remove_all(to());
    fs::create_directory(to());
    Make(entries);
    const Status status = Unzip(file(), to());
    ASSERT_FALSE(status.ok()) << entries.back().name;
    EXPECT_EQ(status.error().id, errors::kZipUnreadable) << entries.back().name;
    EXPECT_FALSE(fs::exists(folder_ + "/out"));
  }
}

TEST_F(UnzipTest, LinksWithinTheFolderAreKept) {
  Make({{"node_modules/pkg/cli.js", "x"},
        {"node_modules/.bin/cli", "../pkg/cli.js", 0120777},
        {"here", ".", 0120777},
        {"again", "here/node_modules", 0120777}});
  ASSERT_TRUE(Unzip(file(), to()).ok());
  EXPECT_EQ(Read(to() + "/again/.bin/cli"), "x");
}

TEST_F(UnzipTest, SizesAreCheckedBeforeAnythingIsWritten) {
  Make({{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}});
  const Status status = Unzip(file(), to(), {.unpacked_bytes = 1000});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().text, "Unzipped size must be smaller than 1000 bytes");
  EXPECT_TRUE(fs::is_empty(to()));
  EXPECT_EQ(Unzip(file(), to(), {.entries = 1}).error().id, errors::kZipUnreadable);
}

// The directory's claims are another's word: a smaller one does not let more through, a huge one costs nothing.
TEST_F(UnzipTest, ClaimsAreNotBelieved) {
  Make({{"a", std::string(5000, 'a')}});
  std::string bytes = ReadZip();
  const size_t directory = bytes.find("PK\x01\x02");
  ASSERT_NE(directory, std::string::npos);
  std::string small = bytes;
  small.replace(directory + 24, 4, std::string("\x10\0\0\0", 4));
  Write(small);
  EXPECT_FALSE(Unzip(file(), to(), {.unpacked_bytes = 1000}).ok());
  std::string many = bytes;
  const size_t end = many.rfind("PK\x05\x06");
  many.replace(end + 8, 4, "\xfe\xff\xfe\xff");
  Write(many);
  EXPECT_FALSE(Unzip(file(), to()).ok());
}

TEST_F(UnzipTest, DamageIsFound) {
  Make({{"a", std::string(5000, 'a') + "end", 0100644, true}});
  std::string bytes = ReadZip();
  bytes[bytes.find("end")] = 'E';
  Write(bytes);
  EXPECT_EQ(Unzip(file(), to()).error().id, errors::kZipUnreadable);
}

TEST_F(UnzipTest, AnEmptyZip) {
  Write(std::string("PK\x05\x06", 4) + std::string(18, '\0'));
  EXPECT_EQ(Unzip(file(), to()).error().id, errors::kZipEmpty);
}

}  // namespace
}  // namespace stator::functions
