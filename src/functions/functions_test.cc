#include "functions/functions.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>

#include "base/base64.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "errors/common.h"
#include "errors/functions.h"

namespace stator::functions {
namespace {

namespace fs = std::filesystem;

class FunctionsTest : public ::testing::Test {
 protected:
  FunctionsTest() {
    std::string path = (fs::temp_directory_path() / "stator-functions-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    lanes_.Start();
    Open();
  }
  ~FunctionsTest() override {
    lanes_.StopAndJoin();
    functions_.reset();
    workers_.reset();
    fs::remove_all(folder_);
  }

  void Open() {
    workers_ = std::make_unique<WorkerPool>(1);
    auto opened = Functions::Open(*engine_, clock_, *workers_, {folder_ + "/code"});
    ASSERT_TRUE(opened.ok());
    functions_ = *std::move(opened);
  }
  // As a restart: what waits for the worker is gone.
  void Reopen() {
    workers_.reset();
    functions_.reset();
    Open();
  }

  template <class Make>
  auto Wait(Make make) {
    return RunOn(lanes_.at(0), std::move(make));
  }

  std::string Zip(const std::string& text) {
    const std::string path = folder_ + "/made.zip";
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    zip_file_add(archive, "app.py", zip_source_buffer(archive, text.data(), text.size(), 0), 0);
    EXPECT_EQ(zip_close(archive), 0);
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  Code Unpacked(const std::string& text) {
    const std::string base64 = Base64(Zip(text));
    auto code = Wait([&](Lane& lane) { return functions_->Unpack("hello", base64, lane); });
    EXPECT_TRUE(code.ok());
    return *std::move(code);
  }
  Function Made(const Code& code) {
    Function function;
    function.name = "hello";
    function.arn = "arn:aws:lambda:us-east-1:000000000000:function:hello";
    function.version = "$LATEST";
    function.code_folder = code.folder;
    function.code_kept = code.kept;
    function.code_sha256 = code.sha256;
    functions_->Stamp(&function, false);
    return function;
  }
  void Create(const std::string& text) {
    Entry entry;
    entry.latest = std::make_shared<const Function>(Made(Unpacked(text)));
    ASSERT_TRUE(Wait([&](Lane& lane) { return functions_->Create(std::move(entry), lane); }).ok());
  }
  void Update(const std::function<void(Entry&)>& edit) {
    const auto updated = Wait([&](Lane& lane) {
      return functions_->Update(
          "hello",
          [&edit](const Entry& entry) -> Result<Entry> {
            Entry next = entry;
            edit(next);
            return next;
          },
          lane);
    });
    ASSERT_TRUE(updated.ok() && *updated);
  }
  // When the worker has done what it was given.
  void Settle() {
    std::promise<void> passed;  // what a task held goes after its result is there
    lanes_.at(0).Post([&passed] { passed.set_value(); });
    passed.get_future().wait();
    std::promise<void> done;
    workers_->Post([&done] { done.set_value(); });
    done.get_future().wait();
  }
  static std::string Read(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  size_t Folders() const {
    size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ + "/code/hello", error)) count += entry.is_directory();
    return count;
  }

  std::string folder_;
  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  Lanes lanes_{1};
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<Functions> functions_;
};

TEST_F(FunctionsTest, CodeIsThereAndItsZipCanBeReadAgain) {
  Create("print(1)");
  const FunctionRef function = functions_->Resolve("hello", "");
  ASSERT_TRUE(function);
  EXPECT_EQ(Read(function->code_folder + "/app.py"), "print(1)");
  const auto zip = Wait([&](Lane& lane) { return functions_->ReadZip(function, lane); });
  ASSERT_TRUE(zip.ok());
  EXPECT_EQ(*zip, Zip("print(1)"));
}

TEST_F(FunctionsTest, AllOfItSurvivesARestart) {
  Create("print(1)");
  Update([](Entry& entry) {
    Function version = *entry.latest;
    version.version = "1";
    entry.versions[1] = std::make_shared<const Function>(version);
    entry.aliases["live"] = {.name = "live", .version = "1"};
    entry.reserved_concurrency = 3;
  });
  Reopen();
  const FunctionRef live = functions_->Resolve("arn:aws:lambda:us-east-1:000000000000:function:hello:live", "");
  ASSERT_TRUE(live);
  EXPECT_EQ(live->version, "1");
  EXPECT_EQ(live->reserved_concurrency, 3);
  EXPECT_EQ(Read(live->code_folder + "/app.py"), "print(1)");
  EXPECT_EQ(live->code_folder, functions_->Resolve("hello", "$LATEST")->code_folder);
  EXPECT_FALSE(functions_->Resolve("hello", "2"));
  EXPECT_FALSE(functions_->Resolve("other", ""));
  EXPECT_FALSE(functions_->Resolve("hello", "gone"));
}

TEST_F(FunctionsTest, OldCodeStaysAsLongAsSomebodyHoldsIt) {
  Create("print(1)");
  FunctionRef old = functions_->Resolve("hello", "");
  const Code code = Unpacked("print(2)");
  Update([&](Entry& entry) { entry.latest = std::make_shared<const Function>(Made(code)); });
  Settle();
  EXPECT_EQ(Read(old->code_folder + "/app.py"), "print(1)");
  old.reset();
  Settle();
  EXPECT_EQ(Folders(), 1U);
  EXPECT_EQ(Read(functions_->Resolve("hello", "")->code_folder + "/app.py"), "print(2)");
}

TEST_F(FunctionsTest, CodeThatNoRecordNamesGoesAtTheNextStart) {
  Create("print(1)");
  fs::create_directories(folder_ + "/code/hello/left.new");
  fs::create_directories(folder_ + "/code/gone/left");
  Reopen();
  EXPECT_EQ(Folders(), 1U);
  EXPECT_FALSE(fs::exists(folder_ + "/code/gone"));
  EXPECT_TRUE(fs::exists(functions_->Resolve("hello", "")->code_folder));
}

TEST_F(FunctionsTest, ARefusedCreationLeavesNoCode) {
  Create("print(1)");
  {
    Entry entry;
    entry.latest = std::make_shared<const Function>(Made(Unpacked("print(2)")));
    const auto created = Wait([&](Lane& lane) { return functions_->Create(std::move(entry), lane); });
    ASSERT_FALSE(created.ok());
    EXPECT_EQ(created.error().text, "Function already exist: hello");
  }
  Settle();
  EXPECT_EQ(Folders(), 1U);
}

TEST_F(FunctionsTest, ARemovedFunctionTakesItsCodeAlong) {
  Create("print(1)");
  EXPECT_TRUE(*Wait([&](Lane& lane) { return functions_->Remove("hello", lane); }));
  EXPECT_FALSE(*Wait([&](Lane& lane) { return functions_->Remove("hello", lane); }));
  Settle();
  EXPECT_FALSE(fs::exists(folder_ + "/code/hello"));
  Reopen();
  EXPECT_EQ(functions_->size(), 0U);
}

TEST_F(FunctionsTest, AnAliasWithWeightsPicksByChance) {
  Create("print(1)");
  Update([](Entry& entry) {
    for (const uint64_t number : {1, 2}) {
      Function version = *entry.latest;
      version.version = std::to_string(number);
      entry.versions[number] = std::make_shared<const Function>(version);
    }
    entry.aliases["both"] = {.name = "both", .version = "1", .second_version = "2", .second_weight = 0.5};
    entry.aliases["all"] = {.name = "all", .version = "1", .second_version = "2", .second_weight = 1};
    entry.aliases["none"] = {.name = "none", .version = "1", .second_version = "2", .second_weight = 0};
  });
  std::set<std::string> seen;
  for (int i = 0; i < 1000 && seen.size() < 2; ++i) seen.insert(functions_->Resolve("hello", "both")->version);
  EXPECT_EQ(seen.size(), 2U);
  EXPECT_EQ(functions_->Resolve("hello:all", "")->version, "2");
  EXPECT_EQ(functions_->Resolve("hello", "none")->version, "1");
}

TEST_F(FunctionsTest, GenerationsGrowBeyondDeletion) {
  Create("print(1)");
  const uint64_t before = functions_->Resolve("hello", "")->generation;
  EXPECT_TRUE(*Wait([&](Lane& lane) { return functions_->Remove("hello", lane); }));
  Create("print(1)");
  EXPECT_GT(functions_->Resolve("hello", "")->generation, before);
}

TEST_F(FunctionsTest, UploadsThatAreNone) {
  const auto unpack = [this](const std::string& base64) {
    auto code = Wait([&](Lane& lane) { return functions_->Unpack("hello", base64, lane); });
    return code.ok() ? errors::kInternal : code.error().id;
  };
  EXPECT_EQ(unpack(""), errors::kZipEmpty);
  EXPECT_EQ(unpack("%%%%"), errors::kZipUnreadable);
  EXPECT_EQ(unpack(Base64("no zip")), errors::kZipUnreadable);
  std::string large;
  large.resize(70'000'000, 'A');
  EXPECT_EQ(unpack(large), errors::kZipTooLarge);
  Settle();
  EXPECT_EQ(Folders(), 0U);
}

TEST_F(FunctionsTest, AFolderOfTheUsers) {
  const std::string mine = folder_ + "/mine";
  const auto use = [this](const std::string& path) {
    return Wait([&](Lane& lane) { return functions_->UseFolder(path, lane); });
  };
  EXPECT_EQ(use(mine).error().id, errors::kHotFolderMissing);
  EXPECT_EQ(use("relative").error().id, errors::kHotFolderMissing);
  fs::create_directory(mine);
  const auto code = use(mine);
  ASSERT_TRUE(code.ok());
  EXPECT_TRUE(code->hot);
  EXPECT_EQ(code->folder, mine);
}

}  // namespace
}  // namespace stator::functions
