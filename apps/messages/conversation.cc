#include "conversation.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "conversation_texts.h"
#include "ids.h"

namespace stator::messages {
namespace {

constexpr Duration kBetween = std::chrono::seconds(9);  // messages of the same minute, at most six

Bytes TakeUntil(Bytes* text, char separator) {
  const size_t at = text->find(separator);
  const Bytes head = text->substr(0, at);
  *text = at == Bytes::npos ? Bytes() : text->substr(at + 1);
  return head;
}

std::optional<int> Number(Bytes digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  int value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Midnight of "2025-12-31".
std::optional<Time> Day(Bytes text) {
  const auto year = Number(TakeUntil(&text, '-'));
  const auto month = Number(TakeUntil(&text, '-'));
  const auto day = Number(text);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::duration_cast<Duration>(std::chrono::sys_days(date).time_since_epoch()).count()};
}

std::optional<Duration> TimeOfDay(Bytes text) {
  const auto hours = Number(TakeUntil(&text, ':'));
  const auto minutes = Number(text);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

// Somebody else's copy of a conversation is some microseconds later: the other person's group rows of two copies would
// have the same key otherwise.
Duration Shift(Bytes handle) {
  uint32_t hash = 0;
  for (const char c : UserUuid(handle).substr(0, 8)) hash = hash * 31 + static_cast<unsigned char>(c);
  return Duration(1 + hash % 999'999);
}

class Reader {
 public:
  Reader(Bytes name, const std::optional<Role>& role) : role_(role) {
    conversation_.name = name;
    if (role_) shift_ = Shift(role_->handle);
  }

  bool Line(Bytes line) {
    if (line.empty() || line[0] == '#') return true;
    const Bytes first = TakeUntil(&line, ' ');
    if (first == "person") return AddPerson(line);
    if (first == "day") {
      day_ = Day(line);
      return day_.has_value();
    }
    return AddMessage(first, line);
  }

  std::optional<Conversation> Finish() && {
    if (people_ != 2 || conversation_.messages.empty()) return std::nullopt;
    return std::move(conversation_);
  }

 private:
  bool AddPerson(Bytes line) {
    if (people_ == 2) return false;
    const std::string handle(TakeUntil(&line, ' '));
    if (handle.empty() || line.empty()) return false;
    Person person{UserUuid(handle), handle, std::string(line)};
    written_as_[people_] = handle;
    if (people_ == 0 && role_) {
      person.handle = role_->handle;
      person.display_name = role_->display_name.empty() ? role_->handle : role_->display_name;
      person.uuid = role_->user_uuid.empty() ? UserUuid(role_->handle) : role_->user_uuid;
    }
    conversation_.people[people_++] = std::move(person);
    if (people_ == 2) {
      conversation_.group_uuid = NameUuid("group/" + conversation_.people[0].uuid + "/" + conversation_.people[1].uuid);
    }
    return true;
  }

  bool AddMessage(Bytes time, Bytes line) {
    const auto time_of_day = TimeOfDay(time);
    const Bytes handle = TakeUntil(&line, ' ');
    if (!time_of_day || !day_ || people_ != 2 || line.empty()) return false;
    if (handle != written_as_[0] && handle != written_as_[1]) return false;
    Time at = *day_ + *time_of_day;
    if (at.micros / 60'000'000 == last_.micros / 60'000'000) at = last_ + kBetween;
    if (at <= last_ || at.micros / 60'000'000 != (*day_ + *time_of_day).micros / 60'000'000) return false;
    last_ = at;
    const std::string stamp = StampOf(at + shift_);
    conversation_.messages.push_back({NameUuid("message/" + conversation_.group_uuid + "/" + stamp),
                                      conversation_.group_uuid, conversation_.people[handle == written_as_[1]], stamp,
                                      std::string(line)});
    return true;
  }

  const std::optional<Role>& role_;
  Conversation conversation_;
  std::string written_as_[2];
  int people_ = 0;
  std::optional<Time> day_;
  Time last_;
  Duration shift_{};
};

}  // namespace

std::optional<Conversation> ParseConversation(Bytes name, Bytes text, const std::optional<Role>& role) {
  Reader reader(name, role);
  while (!text.empty()) {
    if (!reader.Line(TakeUntil(&text, '\n'))) return std::nullopt;
  }
  return std::move(reader).Finish();
}

std::vector<Conversation> SeededConversations(const std::optional<Role>& role) {
  std::vector<Conversation> all;
  for (const ConversationText& source : ConversationTexts()) {
    auto conversation = ParseConversation(source.name, source.text, role);
    STATOR_CHECK(conversation.has_value());
    all.push_back(std::move(*conversation));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Conversation& a, const Conversation& b) { return a.messages.size() > b.messages.size(); });
  return all;
}

}  // namespace stator::messages
