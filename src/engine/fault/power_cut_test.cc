// A small helping of tests/crash/power_cut, and of the disk it runs on.
#include "engine/fault/power_cut.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/fault/disk_image.h"

namespace stator::engine {
namespace {

PowerCutPlan PlanOf(int rounds, Durability durability) {
  PowerCutPlan plan;
  plan.seed = std::random_device{}();
  plan.rounds = rounds;
  plan.durability = durability;
  return plan;
}

// Whether an honest disk loses anything at all is left to the cuts; ADiskThatLiesIsFoundOut proves that they bite.
TEST(PowerCutTest, StrictLosesNothing) {
  const PowerCutPlan plan = PlanOf(30, Durability::kStrict);
  SCOPED_TRACE("seed " + std::to_string(plan.seed));
  const PowerCutReport report = RunPowerCuts(plan);
  for (const std::string& violation : report.violations) ADD_FAILURE() << violation;
  EXPECT_GT(report.acknowledged, 0u);
  EXPECT_EQ(report.lost_tail, 0u);
}

TEST(PowerCutTest, RelaxedLosesOnlyATail) {
  const PowerCutPlan plan = PlanOf(30, Durability::kRelaxed);
  SCOPED_TRACE("seed " + std::to_string(plan.seed));
  const PowerCutReport report = RunPowerCuts(plan);
  for (const std::string& violation : report.violations) ADD_FAILURE() << violation;
  EXPECT_GT(report.acknowledged, 0u);
}

TEST(PowerCutTest, ADiskThatLiesIsFoundOut) {
  PowerCutPlan plan = PlanOf(15, Durability::kStrict);
  plan.lying_disk = true;
  const PowerCutReport report = RunPowerCuts(plan);
  EXPECT_FALSE(report.violations.empty()) << "seed " << plan.seed;
  EXPECT_GT(report.torn_bytes, 0u) << "seed " << plan.seed;
}

class DiskImageTest : public testing::Test {
 protected:
  std::string Content(const std::string& path) {
    DiskImage::Handle handle;
    std::string content = "(not there)";
    EXPECT_TRUE(!disk_.Open(path, &handle) || disk_.Read(handle, 0, 1 << 20, &content));
    return content;
  }
  DiskImage disk_{7};
};

TEST_F(DiskImageTest, KeepsWhatWasSynced) {
  DiskImage::Handle file;
  ASSERT_TRUE(disk_.Create("/a", &file));
  ASSERT_TRUE(disk_.Write(file, 0, "synced"));
  ASSERT_TRUE(disk_.Sync(file));
  ASSERT_TRUE(disk_.SyncFolder("/"));
  disk_.CutNow();
  EXPECT_FALSE(disk_.Write(file, 6, "x"));
  disk_.Restart();
  EXPECT_FALSE(disk_.Write(file, 6, "x")) << "a handle does not survive the cut";
  EXPECT_EQ(Content("/a"), "synced");
}

TEST_F(DiskImageTest, MayLoseWhatWasNot) {
  int lost_names = 0;
  int lost_bytes = 0;
  for (int i = 0; i < 50; ++i) {
    DiskImage::Handle old;
    const std::string name = "/old" + std::to_string(i);
    ASSERT_TRUE(disk_.Create(name, &old));
    ASSERT_TRUE(disk_.Write(old, 0, "synced"));
    ASSERT_TRUE(disk_.Sync(old));
    ASSERT_TRUE(disk_.SyncFolder("/"));
    ASSERT_TRUE(disk_.Write(old, 6, "+more"));
    DiskImage::Handle made;
    ASSERT_TRUE(disk_.Create(name + "new", &made));
    disk_.CutNow();
    disk_.Restart();
    EXPECT_TRUE(Content(name).starts_with("synced"));
    lost_bytes += Content(name) != "synced+more" ? 1 : 0;
    lost_names += disk_.Exists(name + "new") ? 0 : 1;
  }
  EXPECT_GT(lost_names, 0);
  EXPECT_LT(lost_names, 50);
  EXPECT_GT(lost_bytes, 0);
  EXPECT_LT(lost_bytes, 50);
}

TEST_F(DiskImageTest, ARenameThatWasNotSyncedMayBeUndone) {
  int undone = 0;
  for (int i = 0; i < 50; ++i) {
    for (const char* name : {"/from", "/to"}) {
      DiskImage::Handle file;
      ASSERT_TRUE(disk_.Create(name, &file));
      ASSERT_TRUE(disk_.Write(file, 0, name));
      ASSERT_TRUE(disk_.Sync(file));
    }
    ASSERT_TRUE(disk_.SyncFolder("/"));
    ASSERT_TRUE(disk_.Rename("/from", "/to"));
    disk_.CutNow();
    disk_.Restart();
    const bool back = disk_.Exists("/from");
    undone += back ? 1 : 0;
    EXPECT_EQ(Content("/to"), back ? "/to" : "/from");
  }
  EXPECT_GT(undone, 0);
  EXPECT_LT(undone, 50);
}

}  // namespace
}  // namespace stator::engine
