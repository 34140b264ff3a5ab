// Tests: letter_box_test.cc; format: docs/formats/outbox.md.
#include "pools/letter_box.h"

#include <filesystem>

#include "base/log.h"
#include "base/os/file.h"
#include "errors/pools.h"
#include "json/lenient.h"
#include "json/writer.h"

namespace stator::pools {
namespace {

namespace fs = std::filesystem;

constexpr int kOwnerOnly = 0700;

std::string LineOf(const Letter& letter, uint64_t id) {
  std::string line;
  json::Writer out(&line);
  out.BeginObject().Key("id").Int(static_cast<int64_t>(id)).Key("time").String(FormatIso(letter.time));
  out.Key("pool").String(letter.pool_id);
  if (!letter.client_id.empty()) out.Key("client").String(letter.client_id);
  out.Key("user").String(letter.username).Key("kind").String(NameOf(letter.kind));
  if (!letter.attribute.empty()) out.Key("attribute").String(letter.attribute);
  if (!letter.destination.empty()) out.Key("destination").String(letter.destination);
  out.Key("code").String(letter.code);
  out.Key("subject").String(letter.subject.empty() ? UsualSubject(letter) : letter.subject);
  out.Key("message").String(letter.message.empty() ? UsualMessage(letter) : letter.message);
  out.EndObject();
  return line;
}

std::string TextIn(json::Value object, Bytes name) {
  const json::Value value = json::Given(object, name);
  return value.valid() && value.is_string() ? std::string(value.text()) : std::string();
}

}  // namespace

const char* NameOf(Letter::Kind kind) {
  switch (kind) {
    case Letter::Kind::kSignUp:
      return "SignUp";
    case Letter::Kind::kResendCode:
      return "ResendCode";
    case Letter::Kind::kForgotPassword:
      return "ForgotPassword";
    case Letter::Kind::kVerifyAttribute:
      return "VerifyUserAttribute";
    case Letter::Kind::kInvitation:
      return "AdminCreateUser";
  }
  return "";
}

std::string UsualSubject(const Letter& letter) {
  switch (letter.kind) {
    case Letter::Kind::kForgotPassword:
      return "Your password reset code";
    case Letter::Kind::kInvitation:
      return "Your temporary password";
    default:
      return "Your verification code";
  }
}

std::string UsualMessage(const Letter& letter) {
  switch (letter.kind) {
    case Letter::Kind::kForgotPassword:
      return "Your password reset code is " + letter.code;
    case Letter::Kind::kInvitation:
      return "Your username is " + letter.username + " and temporary password is " + letter.code;
    default:
      return "Your confirmation code is " + letter.code;
  }
}

Result<std::unique_ptr<LetterBox>> LetterBox::Open(std::string folder) {
  auto box = std::unique_ptr<LetterBox>(new LetterBox(std::move(folder)));
  if (box->folder_.empty()) return box;
  const std::string problem = MakeFolder(box->folder_, kOwnerOnly);
  if (!problem.empty()) return Fail(errors::kOutboxFolder, box->folder_, problem);
  box->ReadBack(kOldFile);
  box->ReadBack(kFile);
  return box;
}

// Lines that are no letters were written by somebody else, or cut short by a crash: they stay where they are.
void LetterBox::ReadBack(const std::string& name) {
  const auto content = ReadFile(folder_ + "/" + name);
  if (!content) return;
  json::Document document;
  Bytes rest = *content;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const Bytes line = rest.substr(0, end);
    rest = end == Bytes::npos ? Bytes() : rest.substr(end + 1);
    const auto letter = document.Parse(line);
    if (!letter.ok() || !letter->is_object()) continue;
    const json::Value id = json::Given(*letter, "id");
    if (!id.valid() || !id.is_number() || json::WholeNumber(id) <= 0) continue;
    Keep({static_cast<uint64_t>(json::WholeNumber(id)), TextIn(*letter, "pool"), TextIn(*letter, "user"),
          TextIn(*letter, "destination"), std::string(line)});
  }
}

void LetterBox::Keep(Kept kept) {
  last_id_ = std::max(last_id_, kept.id);
  bytes_ += kept.line.size();
  letters_.push_back(std::move(kept));
  while (letters_.size() > kMostLetters || (bytes_ > kMostBytes && letters_.size() > 1)) {
    bytes_ -= letters_.front().line.size();
    letters_.pop_front();
  }
}

void LetterBox::Append(const std::string& line) {
  const std::string path = folder_ + "/" + kFile;
  std::error_code ignored;
  if (file_.is_open() && file_bytes_ + line.size() > kMostFileBytes) {
    file_.close();
    fs::rename(path, folder_ + "/" + kOldFile, ignored);
  }
  if (!file_.is_open()) {
    file_.clear();
    file_.open(path, std::ios::binary | std::ios::app);
    const auto size = fs::file_size(path, ignored);
    file_bytes_ = ignored ? 0 : static_cast<size_t>(size);
  }
  file_ << line << '\n' << std::flush;
  file_bytes_ += line.size() + 1;
  if (!file_ && !complained_) LogWarn("cannot write to " + path + "; codes are at /_stator/outbox only");
  complained_ = !file_;
  if (!file_) file_.close();
}

void LetterBox::Send(const Letter& letter) {
  const std::lock_guard lock(mutex_);
  Kept kept{last_id_ + 1, letter.pool_id, letter.username, letter.destination, LineOf(letter, last_id_ + 1)};
  if (!folder_.empty()) Append(kept.line);
  Keep(std::move(kept));
}

std::string LetterBox::Read(const Query& query) const {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("messages").BeginArray();
  const std::lock_guard lock(mutex_);
  for (const Kept& letter : letters_) {
    if (letter.id <= query.after) continue;
    if (!query.pool.empty() && query.pool != letter.pool) continue;
    if (!query.user.empty() && query.user != letter.user && query.user != letter.destination) continue;
    out.Raw(letter.line);
  }
  out.EndArray().EndObject();
  return text;
}

void LetterBox::Clear() {
  const std::lock_guard lock(mutex_);
  letters_.clear();
  bytes_ = 0;
  if (folder_.empty()) return;
  file_.close();
  std::error_code ignored;
  fs::remove(folder_ + "/" + kFile, ignored);
  fs::remove(folder_ + "/" + kOldFile, ignored);
}

}  // namespace stator::pools
