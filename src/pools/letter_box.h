// The outbox there is: the newest letters in memory, and each of them as a line of JSON in a file that people and
// programs can follow. docs/formats/outbox.md.
//
// Threads: any. Send appends to a file without waiting for the disk.
#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "errors/result.h"
#include "pools/outbox.h"

namespace stator::pools {

class LetterBox final : public Outbox {
 public:
  static constexpr size_t kMostLetters = 1000;
  static constexpr size_t kMostBytes = size_t{4} << 20;      // of letters in memory
  static constexpr size_t kMostFileBytes = size_t{1} << 20;  // then the file is put aside, in the place of the last one
  static constexpr char kFile[] = "letters.jsonl";
  static constexpr char kOldFile[] = "letters.old.jsonl";

  // Reads what the folder has; makes it, its owner's alone, when it is missing. Empty: memory only. Blocks.
  // kOutboxFolder.
  static Result<std::unique_ptr<LetterBox>> Open(std::string folder);

  void Send(const Letter& letter) override;

  // Empty: every pool, every user. A user is named by user name or by destination.
  struct Query {
    std::string pool, user;
    uint64_t after = 0;  // only letters with a larger id
  };
  // {"messages":[{"id":1,"time":...},...]}, the newest last.
  std::string Read(const Query& query) const;
  // For tests: memory and files. Ids go on.
  void Clear();

 private:
  struct Kept {
    uint64_t id = 0;
    std::string pool, user, destination;
    std::string line;  // JSON
  };

  explicit LetterBox(std::string folder) : folder_(std::move(folder)) {}
  void ReadBack(const std::string& name);
  void Keep(Kept kept);
  void Append(const std::string& line);

  const std::string folder_;
  mutable std::mutex mutex_;
  std::deque<Kept> letters_;
  size_t bytes_ = 0;  // of `letters_`
  uint64_t last_id_ = 0;
  std::ofstream file_;
  size_t file_bytes_ = 0;
  bool complained_ = false;
};

// "SignUp", "ResendCode", "ForgotPassword", "VerifyUserAttribute", "AdminCreateUser": sources of CustomMessage.
const char* NameOf(Letter::Kind kind);
// What is sent when no function words it: subject and message.
std::string UsualSubject(const Letter& letter);
std::string UsualMessage(const Letter& letter);

}  // namespace stator::pools
