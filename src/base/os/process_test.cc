#include "base/os/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

namespace stator {
namespace {

using ::testing::HasSubstr;

struct Ran {
  bool spawned = false;
  ExitStatus status;
  std::string output;
};

Ran RunShell(const std::string& script, std::vector<Mount> mounts = {}) {
  Pipe pipe = MakePipe();
  SpawnRequest request;
  request.program = "/bin/sh";
  request.arguments = {"sh", "-c", script};
  request.environment = {"PATH=/usr/bin:/bin", "GIVEN=yes"};
  request.folder = "/";
  request.output = pipe.writing.fd();
  request.mounts = std::move(mounts);
  Spawned spawned = Spawn(request);
  pipe.writing.Close();
  Ran ran;
  ran.spawned = spawned.ok;
  if (!spawned.ok) return ran;
  while (true) {
    pollfd waiting{pipe.reading.fd(), POLLIN, 0};
    poll(&waiting, 1, 20'000);
    char buffer[4096];
    const PipeRead read = ReadPipe(pipe.reading, buffer, sizeof buffer);
    if (read.outcome != PipeRead::Outcome::kDone) break;
    ran.output.append(buffer, read.bytes);
  }
  ran.status = spawned.process.WaitAndReap();
  return ran;
}

TEST(ProcessTest, RunsWithItsOwnEnvironmentAndOutput) {
  const Ran ran = RunShell("echo out; echo err >&2; echo $GIVEN; pwd; exit 7");
  ASSERT_TRUE(ran.spawned);
  EXPECT_EQ(ran.output, "out\nerr\nyes\n/\n");
  EXPECT_EQ(ToText(ran.status), "exit status 7");
}

TEST(ProcessTest, LeadsAGroupOfItsOwnAndInheritsNoFiles) {
  const File extra(open("/dev/null", 0));
  const Ran ran = RunShell("test $(ps -o pgid= -p $$) -eq $$ && echo leader; ls /proc/$$/fd");
  EXPECT_THAT(ran.output, HasSubstr("leader"));
  EXPECT_THAT(ran.output, HasSubstr("0\n1\n2\n"));
  EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 4) << ran.output;
}

TEST(ProcessTest, NamesTheSignalThatEndedIt) {
  EXPECT_EQ(ToText(RunShell("kill -KILL $$").status), "signal: killed");
  EXPECT_EQ(ToText(RunShell("kill -SEGV $$").status), "signal: segmentation fault");
}

TEST(ProcessTest, TakesItsChildrenWithIt) {
  // The pipe ends only when nobody holds its writing end: the sleeping child must be gone.
  Pipe pipe = MakePipe();
  SpawnRequest request{"/bin/sh", {"sh", "-c", "sleep 1000 & echo up; wait"}, {"PATH=/usr/bin:/bin"}, "/"};
  request.output = pipe.writing.fd();
  Spawned spawned = Spawn(request);
  ASSERT_TRUE(spawned.ok);
  pipe.writing.Close();
  pollfd waiting{pipe.reading.fd(), POLLIN, 0};
  ASSERT_EQ(poll(&waiting, 1, 20'000), 1);
  EXPECT_GT(spawned.process.GroupMemory(), spawned.process.LeaderMemory());
  EXPECT_GT(spawned.process.LeaderMemory(), 0);
  spawned.process.KillGroup();
  EXPECT_EQ(ToText(spawned.process.WaitAndReap()), "signal: killed");
  char buffer[64];
  while (ReadPipe(pipe.reading, buffer, sizeof buffer).outcome != PipeRead::Outcome::kEnded) {
    ASSERT_EQ(poll(&waiting, 1, 20'000), 1);
  }
}

TEST(ProcessTest, SaysWhatIsMissing) {
  Pipe pipe = MakePipe();
  SpawnRequest request{"/nowhere/bootstrap", {"bootstrap"}, {}, "/"};
  request.output = pipe.writing.fd();
  const Spawned spawned = Spawn(request);
  EXPECT_FALSE(spawned.ok);
  EXPECT_STREQ(spawned.step, "execve");
  EXPECT_EQ(spawned.error, ENOENT);
}

TEST(ProcessTest, HidesAFolderAndShowsAPartOfIt) {
  if (!CanIsolate()) GTEST_SKIP() << "this system forbids mount namespaces";
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(::testing::TempDir()) / "stator-process-test";
  fs::create_directories(folder / "code");
  std::ofstream(folder / "secret") << "secret";
  std::ofstream(folder / "code" / "main") << "code";
  const std::string at = folder.string();
  const Ran ran = RunShell("ls " + at + "; cat " + at + "/code/main; echo x > " + at + "/code/new; umount " + at,
                           {{Mount::Kind::kEmpty, at, ""},
                            {Mount::Kind::kFolder, at + "/code", ""},
                            {Mount::Kind::kShowOnly, at + "/code", at + "/code"}});
  ASSERT_TRUE(ran.spawned);
  EXPECT_THAT(ran.output, HasSubstr("code\ncode"));
  EXPECT_THAT(ran.output, ::testing::Not(HasSubstr("secret")));
  EXPECT_FALSE(fs::exists(folder / "code" / "new"));
  EXPECT_TRUE(fs::exists(folder / "secret"));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace stator
