// Node.js functions. What all runtimes share is in runner_test.cc.
#include "runtime/interpreters.h"
#include "runtime/runner_testing.h"

namespace stator::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class NodeTest : public RunnerTest {
 protected:
  void SetUp() override {
    if (FindInterpreter("nodejs20.x").path.empty()) GTEST_SKIP() << "there is no node here";
  }
};

TEST_F(NodeTest, RunsAsyncCallbackAndPlainHandlers) {
  EXPECT_EQ(Invoke(Node("async", "exports.handler = async (e, c) => ({ a: e.a, m: c.memoryLimitInMB });"), R"({"a":1})")
                .payload,
            R"({"a":1,"m":"128"})");
  EXPECT_EQ(
      Invoke(Node("callback", "exports.handler = (e, c, done) => setTimeout(() => done(null, 'later'), 5);")).payload,
      R"("later")");
  EXPECT_EQ(Invoke(Node("plain", "exports.handler = () => 7;")).payload, "null");
  EXPECT_EQ(Invoke(Node("nothing", "exports.handler = async () => {};")).payload, "null");
  EXPECT_EQ(
      Invoke(Node("module", "export const handler = async () => import.meta.url.slice(0, 4);", "index.mjs")).payload,
      R"("file")");
}

TEST_F(NodeTest, WaitsForAnEmptyLoopUnlessToldNot) {
  const auto waits = Node("waits", R"(
let order = [];
exports.handler = (event, context, done) => {
  context.callbackWaitsForEmptyEventLoop = event.wait;
  order = ['called'];
  setTimeout(() => order.push('timer'), 30);
  done(null, order);
};)");
  EXPECT_EQ(Invoke(waits, R"({"wait":true})").payload, R"(["called","timer"])");
  EXPECT_EQ(Invoke(waits, R"({"wait":false})").payload, R"(["called"])");
}

TEST_F(NodeTest, KeepsItsModuleWarm) {
  const auto function = Node("warm", "let n = 0; exports.handler = async () => ++n;");
  EXPECT_EQ(Invoke(function).payload, "1");
  EXPECT_EQ(Invoke(function).payload, "2");
}

TEST_F(NodeTest, PrefixesTheConsole) {
  const auto function =
      Node("console", "exports.handler = async () => { console.log('a %d', 1, {b: 2}); console.warn('x\\ny'); };");
  const Invoked invoked = Invoke(function);
  std::vector<std::string> texts;
  for (const auto& line : logs_.lines()) {
    if (line.text.starts_with("20")) texts.push_back(line.text);
  }
  ASSERT_EQ(texts.size(), 2U) << logs_.All();
  EXPECT_THAT(texts[0], MatchesRegex("[-0-9]+T[0-9:.]+Z\t" + invoked.request_id + "\tINFO\ta 1 \\{ b: 2 \\}\n"));
  EXPECT_THAT(texts[1], MatchesRegex("[-0-9]+T[0-9:.]+Z\t" + invoked.request_id + "\tWARN\tx\ny\n"));
}

TEST_F(NodeTest, TellsWhatWentWrong) {
  EXPECT_THAT(Invoke(Node("throws", "exports.handler = async () => { throw new TypeError('bad'); };")).payload,
              MatchesRegex(R"(\{"errorType":"TypeError","errorMessage":"bad","trace":\["TypeError: bad",".*\]\})"));
  EXPECT_TRUE(logs_.Await("\tERROR\tInvoke Error \t{\"errorType\":\"TypeError\",\"errorMessage\":\"bad\",\"stack\":["));
  EXPECT_THAT(Invoke(Node("sync", "exports.handler = () => { throw new Error('now'); };")).payload,
              HasSubstr(R"("errorMessage":"now")"));
  EXPECT_THAT(Invoke(Node("fails", "exports.handler = (e, c, done) => done('text');")).payload,
              R"({"errorType":"string","errorMessage":"text","trace":[]})");
  EXPECT_THAT(
      Invoke(Node("missing", "require('nowhere');")).payload,
      HasSubstr(R"({"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'nowhere')"));
  EXPECT_THAT(Invoke(Node("syntax", "exports.handler = (")).payload,
              HasSubstr(R"("errorType":"Runtime.UserCodeSyntaxError")"));
  EXPECT_THAT(
      Invoke(Node("nohandler", "exports.other = 1;")).payload,
      HasSubstr(
          R"({"errorType":"Runtime.HandlerNotFound","errorMessage":"index.handler is undefined or not exported")"));
}

TEST_F(NodeTest, ReportsWhatNobodyCaught) {
  EXPECT_THAT(
      Invoke(Node("rejected", "exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); });"))
          .payload,
      HasSubstr(R"({"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: lost")"));
  EXPECT_THAT(
      Invoke(Node("uncaught",
                  "exports.handler = () => new Promise(() => { setTimeout(() => { throw new Error('off'); }, 1); });"))
          .payload,
      HasSubstr(R"("errorMessage":"off")"));
  EXPECT_THAT(Invoke(Node("exits", "exports.handler = async () => { process.exit(3); };")).payload,
              HasSubstr("Runtime exited with error: exit status 3"));
}

TEST_F(NodeTest, GathersAStreamedAnswer) {
  EXPECT_EQ(Invoke(Node("streams",
                        "exports.handler = awslambda.streamifyResponse(async (e, out) => { out.write('a'); "
                        "out.write('b'); out.end(); });"))
                .payload,
            "ab");
}

}  // namespace
}  // namespace stator::runtime
