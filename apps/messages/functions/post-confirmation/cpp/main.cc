// The function post-confirmation in C++: a program called bootstrap for the provided.* runtimes. A pool calls it when
// somebody has confirmed an account; it inserts them into the directory of DATABASE_URL and answers the event, as pools
// want it. Called again, it finds the user there.
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "confirmed_user.h"
#include "directory/errors.h"
#include "runtime_client/runtime_client.h"

namespace stator::post_confirmation {
namespace {

namespace directory_errors = messages::directory_errors;
using runtime_client::Answer;

// What the pool passes on to who signs up: nothing about files and hosts, which go to the log.
Answer Failure(const Error& error) {
  if (error.id.OneOf({directory_errors::kHandleTaken, directory_errors::kBadUser})) {
    return Answer::Failed(std::string(NameOf(error.id).substr(1)), error.text);
  }
  std::printf("%s\n", error.text.c_str());
  return Answer::Failed("DirectoryUnavailable", "the directory of users cannot be used; see the function's log");
}

class Handler {
 public:
  explicit Handler(std::string url) : url_(std::move(url)) {}

  Answer operator()(const runtime_client::Event& event) {
    const Result<messages::User> user = Insert(event.payload);
    if (!user.ok()) return Failure(user.error());
    std::printf("user @%s is %s in the directory\n", user->handle.c_str(), user->uuid.c_str());
    return Answer::Of(std::string(event.payload));
  }

 private:
  Result<messages::User> Insert(Bytes event) {
    STATOR_TRY(const messages::NewUser user, ConfirmedUser(event));
    if (!directory_) {
      STATOR_TRY(directory_, messages::Directory::Open(url_));
    }
    auto inserted = directory_->Insert(user);
    // The next event opens it again: what was in the way may be gone, the file another.
    if (!inserted.ok()) directory_.reset();
    return inserted;
  }

  const std::string url_;
  std::optional<messages::Directory> directory_;
};

int Main() {
  const char* url = std::getenv("DATABASE_URL");
  if (url == nullptr || *url == '\0') {
    return runtime_client::FailInit("Function.Configuration", "DATABASE_URL is not set in the function's environment");
  }
  Handler handler(url);
  return runtime_client::Run([&handler](const runtime_client::Event& event) { return handler(event); });
}

}  // namespace
}  // namespace stator::post_confirmation

int main() { return stator::post_confirmation::Main(); }
