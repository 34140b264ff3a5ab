#include "base/os/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace stator {
namespace {

class FileTest : public ::testing::Test {
 protected:
  ~FileTest() override { std::filesystem::remove_all(folder_); }
  const std::string folder_ = MakeTemporaryFolder("stator-file-test-");
};

TEST_F(FileTest, ReplacesAsAWhole) {
  const std::string path = folder_ + "/a";
  EXPECT_EQ(ReadFile(path), std::nullopt);
  EXPECT_EQ(ReplaceFile(path, "one", 0600), "");
  EXPECT_EQ(ReplaceFile(path, std::string(100'000, 'x'), 0644), "");
  EXPECT_EQ(ReadFile(path), std::string(100'000, 'x'));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0644U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, SaysWhyNot) {
  EXPECT_NE(ReplaceFile(folder_ + "/missing/a", "one", 0600), "");
  EXPECT_EQ(MakeFolder(folder_ + "/b", 0700), "");
  EXPECT_EQ(MakeFolder(folder_ + "/b", 0700), "");
  EXPECT_NE(MakeFolder(folder_ + "/missing/b", 0700), "");
}

}  // namespace
}  // namespace stator
