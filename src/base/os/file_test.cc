#include "base/os/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <vector>

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

// What was synced, and whether the file had its name by then.
TEST_F(FileTest, IsSyncedBeforeItHasItsNameAndItsFoldersAfterwards) {
  const std::string path = folder_ + "/a/b/c.json";
  std::vector<std::string> steps;
  const Sync sync = [&](int fd, const std::string& what) {
    steps.push_back(what.substr(folder_.size()) + (std::filesystem::exists(path) ? " after" : " before"));
    return SyncNow(fd, what);
  };
  EXPECT_EQ(WriteDurably(path, "one", 0644, sync), "");
  EXPECT_EQ(steps, (std::vector<std::string>{" before", "/a before", "/a/b/c.json.new before", "/a/b after"}));
  EXPECT_EQ(ReadFile(path), "one");
  steps.clear();
  EXPECT_EQ(WriteDurably(folder_ + "/a/b/d.json", "two", 0644, sync), "");
  EXPECT_EQ(steps, (std::vector<std::string>{"/a/b/d.json.new after", "/a/b after"}));
}

TEST_F(FileTest, WhatCannotBeSyncedIsNotWritten) {
  const auto fails_at = [&](const std::string& end) {
    return [end](int fd, const std::string& what) {
      errno = EIO;
      return !what.ends_with(end) && SyncNow(fd, what);
    };
  };
  EXPECT_NE(WriteDurably(folder_ + "/a/b", "one", 0644, fails_at("/b.new")), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/a/b"));
  EXPECT_NE(WriteDurably(folder_ + "/a/b", "one", 0644, fails_at("/a")), "");
  EXPECT_NE(WriteDurably(folder_ + "/c/b", "one", 0644, fails_at(folder_)), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/c/b"));
  ASSERT_EQ(ReplaceFile(folder_ + "/file", "", 0600), "");
  EXPECT_NE(WriteDurably(folder_ + "/file/b", "one", 0644), "");
}

TEST_F(FileTest, SaysWhyNot) {
  EXPECT_NE(ReplaceFile(folder_ + "/missing/a", "one", 0600), "");
  EXPECT_EQ(MakeFolder(folder_ + "/b", 0700), "");
  EXPECT_EQ(MakeFolder(folder_ + "/b", 0700), "");
  EXPECT_NE(MakeFolder(folder_ + "/missing/b", 0700), "");
}

}  // namespace
}  // namespace stator
