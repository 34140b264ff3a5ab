// The runner with Python functions: what is common to all runtimes. node_test.cc and provided_test.cc have the others.
#include <algorithm>

#include "runtime/runner_testing.h"

namespace stator::runtime {
namespace {

using metrics::Metric;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(RunnerTest, ReturnsWhatTheHandlerGives) {
  const auto function =
      Python("echo", "def handler(event, context):\n    return {'got': event['a'], 'id': context.aws_request_id}\n");
  const Invoked invoked = Invoke(function, R"({"a": 1})");
  EXPECT_EQ(invoked.kind, Invoked::Kind::kReturned);
  EXPECT_EQ(invoked.payload, R"({"got": 1, "id": ")" + invoked.request_id + "\"}");
  EXPECT_EQ(invoked.executed_version, "$LATEST");
  EXPECT_EQ(metrics_.Sum(Metric::kInvocations), 1);
  EXPECT_EQ(metrics_.Sum(Metric::kErrors), 0);
}

TEST_F(RunnerTest, KeepsProcessesWarm) {
  const auto function =
      Python("warm", "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return count\n");
  for (int i = 1; i <= 3; ++i) EXPECT_EQ(Invoke(function).payload, std::to_string(i));
  EXPECT_EQ(runner().figures().environments, 1);
}

TEST_F(RunnerTest, WritesTheLinesOfALog) {
  const auto function = Python("lines", R"(
import logging, sys
def handler(event, context):
    print('one\rtwo')
    print()
    print('error', file=sys.stderr)
    logging.getLogger().setLevel('INFO')
    logging.info('several\nlines')
    sys.stdout.write('no newline')
)");
  const Invoked invoked = Invoke(function, "{}", true);
  std::vector<std::string> texts;
  for (const auto& line : logs_.lines()) texts.push_back(line.text);
  std::erase_if(texts, [](const std::string& text) { return text.starts_with("[stator]"); });
  ASSERT_EQ(texts.size(), 8U) << logs_.All();
  const std::string& id = invoked.request_id;
  EXPECT_THAT(texts[0], MatchesRegex("INIT_START Runtime Version: python:3.12.v1\tRuntime Version ARN: "
                                     "arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}\n"));
  EXPECT_EQ(texts[1], "START RequestId: " + id + " Version: $LATEST\n");
  EXPECT_EQ(texts[2], "one\rtwo\n");
  EXPECT_EQ(texts[3], "error\n");
  EXPECT_THAT(texts[4], MatchesRegex("\\[INFO\\]\t[-0-9]+T[0-9:.]+Z\t" + id + "\tseveral\nlines\n"));
  EXPECT_EQ(texts[5], "no newline");
  EXPECT_EQ(texts[6], "END RequestId: " + id + "\n");
  EXPECT_THAT(texts[7], MatchesRegex("REPORT RequestId: " + id +
                                     "\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\tMemory Size: "
                                     "128 MB\tMax Memory Used: [0-9]+ MB\tInit Duration: [0-9.]+ ms\t\n"));
  EXPECT_THAT(invoked.log_tail, AllOf(StartsWith("START "), EndsWith(texts[7])));
  EXPECT_THAT(logs_.lines()[0].stream, MatchesRegex("[0-9]{4}/[0-9]{2}/[0-9]{2}/\\[\\$LATEST\\][0-9a-f]{32}"));
  logs_.Clear();
  Invoke(function);
  EXPECT_THAT(logs_.All(), AllOf(StartsWith("START "), Not(HasSubstr("Init Duration"))));
}

TEST_F(RunnerTest, TellsWhatAHandlerRaised) {
  const auto function = Python("raise", "def handler(event, context):\n    raise ValueError('no \"good\"')\n");
  const Invoked invoked = Invoke(function);
  EXPECT_EQ(invoked.kind, Invoked::Kind::kFailed);
  EXPECT_EQ(invoked.payload, R"({"errorMessage": "no \"good\"", "errorType": "ValueError", "requestId": ")" +
                                 invoked.request_id + R"(", "stackTrace": ["  File \")" + function->code_folder +
                                 R"(/main.py\", line 2, in handler\n    raise ValueError('no \"good\"')\n"]})");
  // One event, its indentation in no-break spaces.
  EXPECT_TRUE(logs_.Await("[ERROR] ValueError: no \"good\"\nTraceback (most recent call last):\n\u00a0\u00a0File \""));
  EXPECT_EQ(metrics_.Sum(Metric::kErrors), 1);
  // The process goes on.
  Invoke(function);
  EXPECT_EQ(runner().figures().environments, 1);
}

struct Broken {
  const char* code;
  const char* type;
  const char* message;
};

TEST_F(RunnerTest, TellsWhyAModuleDoesNotLoad) {
  const Broken broken[] = {
      {"import nowhere\n", "Runtime.ImportModuleError", "Unable to import module 'main': No module named 'nowhere'"},
      {"x = 1\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'main'"},
      {"def handler(:\n", "Runtime.UserCodeSyntaxError",
       "Syntax error in module 'main': invalid syntax (main.py, line 1)"},
      {"raise KeyError('k')\n", "KeyError", "'k'"},
  };
  int count = 0;
  for (const Broken& one : broken) {
    SCOPED_TRACE(one.type);
    logs_.Clear();
    const auto function = Python("broken" + std::to_string(++count), one.code);
    const Invoked invoked = Invoke(function);
    EXPECT_EQ(invoked.kind, Invoked::Kind::kFailed);
    EXPECT_THAT(invoked.payload, HasSubstr(std::string(R"("errorType": ")") + one.type + R"(", "requestId": "")"));
    EXPECT_THAT(invoked.payload, HasSubstr(one.message));
    const std::string log = logs_.All();
    EXPECT_THAT(log, ContainsRegex("INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: init\tStatus: error\tError Type: "));
    EXPECT_THAT(log,
                ContainsRegex("INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: invoke\tStatus: error\tError Type: "));
    EXPECT_THAT(log, HasSubstr(std::string("[ERROR] ") + one.type + ": "));
    EXPECT_THAT(log, ContainsRegex("REPORT RequestId: .*Status: error\tError Type: "));
  }
}

TEST_F(RunnerTest, StopsWhatTakesTooLong) {
  const auto function = Python("slow", R"(
import os, time
count = 0
def handler(event, context):
    global count
    count += 1
    seen = os.path.exists(os.environ['TMPDIR'] + '/mark')
    open(os.environ['TMPDIR'] + '/mark', 'w').close()
    if event.get('sleep'):
        print('asleep', end='', flush=True)
        time.sleep(1000)
    return [count, seen]
)");
  function->timeout_seconds = 3;
  EXPECT_EQ(Invoke(function).payload, "[1, false]");
  const Invoked invoked = Invoke(function, R"({"sleep": true})", true);
  EXPECT_EQ(invoked.payload, R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )" + invoked.request_id +
                                 R"( Error: Task timed out after 3.00 seconds"})");
  EXPECT_THAT(invoked.log_tail, ContainsRegex("asleep"));
  EXPECT_THAT(invoked.log_tail, ContainsRegex("Z " + invoked.request_id + " Task timed out after 3.00 seconds\n"));
  EXPECT_THAT(invoked.log_tail, ContainsRegex("Duration: 3000.00 ms\tBilled Duration: 3000 ms.*\tStatus: timeout\n"));
  // Another process, the same /tmp and log stream.
  EXPECT_EQ(Invoke(function).payload, "[1, true]");
  const auto lines = logs_.lines();
  EXPECT_TRUE(std::all_of(lines.begin(), lines.end(), [&](const auto& l) { return l.stream == lines[0].stream; }));
}

TEST_F(RunnerTest, StopsAnEndlessInit) {
  options_.init_time = std::chrono::milliseconds(200);
  const auto function = Python("stuck", "while True: pass\n");
  function->timeout_seconds = 1;
  const Invoked invoked = Invoke(function);
  EXPECT_THAT(invoked.payload, HasSubstr("Sandbox.Timedout"));
  EXPECT_THAT(logs_.All(), HasSubstr("Phase: init\tStatus: timeout\n"));
}

TEST_F(RunnerTest, TellsHowAProcessEnded) {
  const auto function = Python("exits",
                               "import os, signal\ndef handler(event, context):\n"
                               "    if 'signal' in event: os.kill(os.getpid(), event['signal'])\n"
                               "    os._exit(event['code'])\n");
  const auto payload = [](const Invoked& invoked, const std::string& what) {
    return R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" + invoked.request_id + " Error: " + what +
           "\"}";
  };
  Invoked invoked = Invoke(function, R"({"code": 0})");
  EXPECT_EQ(invoked.payload, payload(invoked, "Runtime exited without providing a reason"));
  invoked = Invoke(function, R"({"code": 127})");
  EXPECT_EQ(invoked.payload, payload(invoked, "Runtime exited with error: exit status 127"));
  invoked = Invoke(function, R"({"signal": 9})", true);
  EXPECT_EQ(invoked.payload, payload(invoked, "Runtime exited with error: signal: killed"));
  EXPECT_THAT(invoked.log_tail, EndsWith("Status: error\tError Type: Runtime.ExitError\n"));
}

TEST_F(RunnerTest, RefusesAnswersThatAreTooLarge) {
  const auto function = Python("large", "def handler(event, context):\n    return 'x' * event\n");
  EXPECT_EQ(Invoke(function, std::to_string(6'291'554)).payload.size(), 6'291'556U);
  EXPECT_EQ(Invoke(function, std::to_string(6'291'555)).payload,
            R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum )"
            R"(allowed payload size (6291556 bytes)."})");
  EXPECT_EQ(Invoke(function, "1").payload, "\"x\"");
}

TEST_F(RunnerTest, EndsWhatTakesTooMuchMemory) {
  const auto function = Python("eater", R"(
def handler(event, context):
    held = []
    while event.get('eat'):
        held.append(bytearray(10_000_000))
        for i in range(0, 10_000_000, 4096): held[-1][i] = 1
    return 'fine'
)");
  function->timeout_seconds = 50;
  const Invoked invoked = Invoke(function, R"({"eat": true})", true);
  EXPECT_EQ(invoked.payload, R"({"errorType":"Runtime.OutOfMemory","errorMessage":"RequestId: )" + invoked.request_id +
                                 R"( Error: Runtime exited with error: signal: killed"})");
  EXPECT_THAT(invoked.log_tail, HasSubstr("Status: error\tError Type: Runtime.OutOfMemory\n"));
  const Invoked next = Invoke(function, "{}", true);
  EXPECT_EQ(next.payload, "\"fine\"");
  // Of the new process.
  const Bytes report = Bytes(next.log_tail).substr(next.log_tail.find("Max Memory Used: ") + 17);
  EXPECT_LT(std::stoi(std::string(report)), function->memory_mb);
}

TEST_F(RunnerTest, BearsEndlessOutput) {
  const auto function = Python("talker",
                               "def handler(event, context):\n    while True: print('y' * (500 if event else "
                               "100000000), end='\\n' if event else '')\n");
  function->timeout_seconds = 1;
  function->memory_mb = 1024;
  EXPECT_THAT(Invoke(function, "true").payload, HasSubstr("Sandbox.Timedout"));
  EXPECT_THAT(Invoke(function, "false").payload, HasSubstr("Sandbox.Timedout"));
  EXPECT_LT(logs_.All().size(), 40U << 20);
  const auto lines = logs_.lines();
  EXPECT_TRUE(std::all_of(lines.begin(), lines.end(), [](const auto& l) { return l.text.size() <= 256 << 10; }));
}

TEST_F(RunnerTest, ReplacesOldCode) {
  auto function = Python("changed", "def handler(event, context):\n    return 1\n");
  EXPECT_EQ(Invoke(function).payload, "1");
  auto newer = std::make_shared<functions::Function>(*function);
  newer->code_folder += "-2";
  newer->generation = 2;
  std::filesystem::create_directories(newer->code_folder);
  Write(*newer, "main.py", "def handler(event, context):\n    return 2\n");
  EXPECT_EQ(Invoke(newer).payload, "2");
  // Who still holds the older one gets the newer all the same.
  EXPECT_EQ(Invoke(function).payload, "2");
}

TEST_F(RunnerTest, ReloadsAHotFolder) {
  auto function = Python("hot", "def handler(event, context):\n    return 1\n");
  function->hot = true;
  EXPECT_EQ(Invoke(function).payload, "1");
  EXPECT_EQ(Invoke(function).payload, "1");
  EXPECT_EQ(runner().figures().environments, 1);
  Write(*function, "main.py", "def handler(event, context):\n    return 22\n");
  EXPECT_EQ(Invoke(function).payload, "22");
}

constexpr char kWaits[] = R"(
import os, time
def handler(event, context):
    print('began', event, flush=True)
    while not os.path.exists(event): time.sleep(0.005)
    return os.getpid()
)";

TEST_F(RunnerTest, RunsAsManyAtOnceAsAllowed) {
  options_.processes = 2;
  options_.longest_wait = std::chrono::milliseconds(50);
  const auto function = Python("waits", kWaits);
  function->timeout_seconds = 50;
  const std::string go = Folder("go").string();
  auto first = Begin(function, "\"" + go + "\"");
  auto second = Begin(function, "\"" + go + "\"");
  ASSERT_TRUE(logs_.Await("began"));
  const Invoked refused = Invoke(function);
  EXPECT_EQ(refused.kind, Invoked::Kind::kThrottled);
  EXPECT_STREQ(refused.throttle_reason, "ConcurrentInvocationLimitExceeded");
  std::ofstream(go) << "go";
  EXPECT_NE(first.get().payload, second.get().payload);
  // A function that has none takes the place of one that is idle.
  EXPECT_EQ(Invoke(Python("other", "def handler(event, context):\n    return 1\n")).payload, "1");
  EXPECT_EQ(runner().figures().environments, 2);
}

TEST_F(RunnerTest, KeepsToTheReservedConcurrency) {
  const auto function = Python("reserved", kWaits);
  function->timeout_seconds = 50;
  function->reserved_concurrency = 1;
  const std::string go = Folder("go").string();
  auto first = Begin(function, "\"" + go + "\"");
  ASSERT_TRUE(logs_.Await("began"));
  const Invoked refused = Invoke(function);
  EXPECT_STREQ(refused.throttle_reason, "ReservedFunctionConcurrentInvocationLimitExceeded");
  EXPECT_EQ(metrics_.Sum(Metric::kThrottles), 1);
  std::ofstream(go) << "go";
  EXPECT_EQ(first.get().kind, Invoked::Kind::kReturned);
  const auto none = std::make_shared<functions::Function>(*function);
  none->reserved_concurrency = 0;
  EXPECT_EQ(Invoke(none).kind, Invoked::Kind::kThrottled);
}

TEST_F(RunnerTest, WaitsInTurnForAPlace) {
  options_.processes = 1;
  const auto function = Python("turns", "def handler(event, context):\n    return event\n");
  std::vector<std::future<Invoked>> all;
  all.reserve(10);
  for (int i = 0; i < 10; ++i) all.push_back(Begin(function, std::to_string(i)));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(all[static_cast<size_t>(i)].get().payload, std::to_string(i));
}

TEST_F(RunnerTest, StopsWithInvocationsUnderWay) {
  const auto function = Python("stopped", kWaits);
  function->timeout_seconds = 50;
  auto invoked = Begin(function, "\"/nowhere\"");
  ASSERT_TRUE(logs_.Await("began"));
  runner().Stop();
  EXPECT_THAT(invoked.get().payload, HasSubstr("signal: killed"));
  EXPECT_EQ(runner().figures().environments, 0);
  EXPECT_EQ(Invoke(function).kind, Invoked::Kind::kThrottled);
}

TEST_F(RunnerTest, GivesTheVariablesOfAws) {
  const auto function = Python("variables", "import os\ndef handler(event, context):\n    return dict(os.environ)\n");
  function->environment = {{"MINE", "yes"}, {"AWS_ENDPOINT_URL", "http://mine"}};
  options_.surroundings = {"http://127.0.0.1:8000", "http://proxy:1", ""};
  const std::string payload = Invoke(function).payload;
  for (const char* part : {R"("_HANDLER": "main.handler")", R"("AWS_EXECUTION_ENV": "AWS_Lambda_python3.12")",
                           R"("AWS_REGION": "us-east-1")", R"("AWS_DEFAULT_REGION": "us-east-1")", R"("MINE": "yes")",
                           R"("AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128")", R"("AWS_ENDPOINT_URL": "http://mine")",
                           R"("https_proxy": "http://proxy:1")", R"("TZ": ":UTC")", R"("_X_AMZN_TRACE_ID": "Root=1-)",
                           R"("AWS_ACCESS_KEY_ID": "ASIA)", R"("AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand")",
                           R"("AWS_LAMBDA_LOG_STREAM_NAME": "20)", R"("AWS_SESSION_TOKEN": ")"}) {
    EXPECT_THAT(payload, HasSubstr(part));
  }
}

TEST_F(RunnerTest, HidesTheDataFolder) {
  if (!CanIsolate()) GTEST_SKIP() << "this system forbids mount namespaces";
  options_.data_folder = Folder("data").string();
  options_.surroundings.ca_bundle = Folder("data").string() + "/ca/bundle.pem";
  std::filesystem::create_directories(Folder("data") / "ca");
  std::ofstream(Folder("data") / "secret") << "secret";
  std::ofstream(options_.surroundings.ca_bundle) << "pem";
  const auto function = Make("hidden", "python3.12", "main.handler");
  function->code_folder = Folder("data").string() + "/functions/code/1";
  std::filesystem::create_directories(function->code_folder);
  Write(*function, "main.py", R"(
import os
def handler(event, context):
    try:
        open(os.environ['LAMBDA_TASK_ROOT'] + '/new', 'w')
        written = True
    except OSError:
        written = False
    return [sorted(os.listdir(event)), open(os.environ['AWS_CA_BUNDLE']).read(), written]
)");
  EXPECT_EQ(Invoke(function, "\"" + options_.data_folder + "\"").payload, R"([["ca", "functions"], "pem", false])");
  EXPECT_TRUE(std::filesystem::exists(Folder("data") / "secret"));
}

TEST_F(RunnerTest, GivesAnEnvironmentItsOwnTmp) {
  if (!CanIsolate()) GTEST_SKIP() << "this system forbids mount namespaces";
  // What lies below /tmp itself would be lost to a function with a /tmp of its own.
  const std::filesystem::path outside = "/var/tmp/" + NewUuid();
  options_.work_folder = (outside / "work").string();
  const auto function = Make("tmp", "python3.12", "main.handler");
  function->code_folder = (outside / "code").string();
  std::filesystem::create_directories(function->code_folder);
  Write(*function, "main.py",
        "import os\ndef handler(event, context):\n    return [os.listdir('/tmp'), os.environ['TMPDIR']]\n");
  EXPECT_EQ(Invoke(function).payload, R"([[], "/tmp"])");
  runner().Stop();
  runner_.reset();
  std::filesystem::remove_all(outside);
}

TEST_F(RunnerTest, RefusesARuntimeItCannotRun) {
  auto function = Make("java", "java21", "a.B");
  EXPECT_THAT(Invoke(function).payload, HasSubstr("Runtime.InvalidEntrypoint"));
}

}  // namespace
}  // namespace stator::runtime
