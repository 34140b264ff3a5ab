// Functions that bring their own runtime, and the Runtime API as they meet it.
#include <thread>

#include "runtime/runner_testing.h"

namespace stator::runtime {
namespace {

using ::testing::HasSubstr;

class ProvidedTest : public RunnerTest {
 protected:
  // A bootstrap in Python that may speak to the API as it likes: call(method, path, body, headers) gives (status,
  // body).
  std::shared_ptr<functions::Function> Provided(const std::string& name, const std::string& code) {
    auto function = Make(name, "provided.al2023", "ignored");
    Write(*function, "bootstrap", R"(#!/usr/bin/python3
import http.client, json, os, sys
api = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])
def call(method, path, body=None, headers={}):
    api.request(method, '/2018-06-01/runtime/' + path, body, headers)
    reply = api.getresponse()
    global last
    last = reply.headers
    return [reply.status, reply.read().decode()]
def next():
    body = call('GET', 'invocation/next')[1]
    return last['Lambda-Runtime-Aws-Request-Id'], json.loads(body)
)" + code);
    return function;
  }
};

TEST_F(ProvidedTest, RunsAnExecutable) {
  const auto function = Provided("own", R"(
while True:
    id, event = next()
    print('seen', last['Lambda-Runtime-Invoked-Function-Arn'], flush=True)
    call('POST', f'invocation/{id}/response', json.dumps([event, 'AWS_EXECUTION_ENV' in os.environ]))
)");
  EXPECT_EQ(Invoke(function, "5").payload, "[5, false]");
  EXPECT_EQ(Invoke(function, "6").payload, "[6, false]");
  EXPECT_TRUE(logs_.Await("seen arn:aws:lambda:us-east-1:000000000000:function:own\n"));
}

TEST_F(ProvidedTest, SaysThatThereIsNoBootstrap) {
  const Invoked invoked = Invoke(Make("empty", "provided.al2", "x"));
  EXPECT_EQ(invoked.payload, R"({"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: )" +
                                 invoked.request_id +
                                 R"( Error: fork/exec /var/task/bootstrap: no such file or directory"})");
}

TEST_F(ProvidedTest, SaysThatABootstrapCannotRun) {
  auto function = Make("data", "provided.al2", "x");
  Write(*function, "bootstrap", "no program\n");
  std::filesystem::permissions(function->code_folder + "/bootstrap", std::filesystem::perms::owner_read);
  EXPECT_THAT(Invoke(function).payload, HasSubstr("fork/exec /var/task/bootstrap: permission denied"));
}

TEST_F(ProvidedTest, RefusesCallsOutOfOrder) {
  const auto function = Provided("order", R"(
early = call('POST', 'invocation/abc/response', '{}')
while True:
    id, event = next()
    wrong = call('POST', 'invocation/00000000-0000-0000-0000-000000000000/response', '{}')
    again = call('GET', 'invocation/next')
    late = call('POST', 'init/error', '{}')
    lost = call('GET', 'nowhere')
    call('POST', f'invocation/{id}/response', json.dumps([early, wrong, again[0], late[0], lost[0]]))
    twice = call('POST', f'invocation/{id}/response', '{}')
    print('twice', twice, flush=True)
)");
  const std::string payload = Invoke(function).payload;
  EXPECT_THAT(payload,
              HasSubstr(R"([403, "{\"errorMessage\":\"State transition from Started to InvocationResponse failed)"));
  EXPECT_THAT(payload,
              HasSubstr(R"([400, "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n"])"));
  EXPECT_THAT(payload, HasSubstr(", 403, 403, 404]"));
  Invoke(function);
  EXPECT_TRUE(logs_.Await("twice [400,"));
}

TEST_F(ProvidedTest, PassesErrorsOn) {
  const auto function = Provided("errors", R"(
while True:
    id, event = next()
    print(call('POST', f'invocation/{id}/error', json.dumps(event), {'Lambda-Runtime-Function-Error-Type': 'Function.Odd'}), flush=True)
)");
  const Invoked invoked = Invoke(function, R"({"errorMessage": "m", "errorType": "t"})", true);
  EXPECT_EQ(invoked.kind, Invoked::Kind::kFailed);
  EXPECT_EQ(invoked.payload, R"({"errorMessage": "m", "errorType": "t"})");
  EXPECT_THAT(invoked.log_tail, HasSubstr("Status: error\tError Type: Function.Odd\n"));
}

TEST_F(ProvidedTest, TakesAnAnswerInChunks) {
  const auto function = Provided("chunks", R"(
while True:
    id, event = next()
    api.request('POST', f'/2018-06-01/runtime/invocation/{id}/response', iter([b'{"a"', b':1}']),
                {'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked'}, encode_chunked=True)
    api.getresponse().read()
)");
  EXPECT_EQ(Invoke(function).payload, R"({"a":1})");
}

TEST_F(ProvidedTest, OutlivesItsProcessAfterAnAnswer) {
  const auto function = Provided("once", R"(
id, event = next()
call('POST', f'invocation/{id}/response', str(os.getpid()))
)");
  const std::string first = Invoke(function).payload;
  // Gone without asking again: it is begun anew.
  while (runner().figures().memory > 0) std::this_thread::yield();
  EXPECT_NE(Invoke(function).payload, first);
}

}  // namespace
}  // namespace stator::runtime
