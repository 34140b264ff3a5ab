#include "synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "ids.h"

namespace stator::messages {
namespace {

constexpr std::array kFirstNames = {"Ada",    "Bruno",  "Chiara", "Dilan",  "Esme",   "Farid",  "Greta", "Hugo",
                                    "Ingrid", "Jonas",  "Kavya",  "Lior",   "Mirela", "Noor",   "Oskar", "Priya",
                                    "Quinn",  "Rafael", "Sanna",  "Tomasz", "Ulla",   "Viktor", "Wanda", "Yusuf"};
constexpr std::array kLastNames = {"Abara",  "Bergman", "Castell", "Dvorak", "Eriksen", "Fontaine",
                                   "Gruber", "Haddad",  "Ivanova", "Jansen", "Kowal",   "Laurent",
                                   "Moreau", "Nakata",  "Okafor",  "Pires"};
constexpr std::array kOpenings = {
    "Did you see it?", "Quick one:",        "Thinking out loud:", "Good morning!", "By the way,", "You were right.",
    "Small update:",   "Question for you:", "Finally!",           "No hurry, but", "Guess what:", "I keep forgetting:"};
constexpr std::array kMiddles = {"the pump by the allotment works again",
                                 "the tests are green on both machines",
                                 "I booked the late train, it was half the price",
                                 "the choir moved to the hall with the good echo",
                                 "my neighbour's cat has learned to ring the bell",
                                 "the second page starts exactly where the first one stopped",
                                 "the bakery sells the dark loaf only on Thursdays now",
                                 "we can borrow the van from Saturday to Monday",
                                 "the old bicycle got a new chain and a new temper",
                                 "the map was printed upside down and nobody noticed",
                                 "I read the whole chapter on the tram and missed my stop",
                                 "the tomatoes survived the storm, the chair did not"};
constexpr std::array kEndings = {
    "Talk tonight?",       "What do you think?",         "I'll send a picture.",  "Let me know.",
    "See you there.",      "Bring the umbrella.",        "It made me laugh.",     "Your turn to choose.",
    "I owe you a coffee.", "Don't tell the others yet.", "That was all, really.", "More when I know more."};

constexpr Time kBegin{1'735'689'600'000'000};  // 2025-01-01T00:00:00Z
constexpr Duration kSpan = std::chrono::hours(24 * 365);
constexpr uint64_t kContacts = 24;

template <class Array>
const char* OneOf(const Array& array, Random& random) {
  return array[random.Below(array.size())];
}

// Ranks 0..count-1 with weight 1/(rank+1), drawn by inverting the integral of the weights.
uint64_t Zipf(uint64_t count, Random& random) {
  const double rank = std::exp(random.Unit() * std::log(static_cast<double>(count) + 1.0)) - 1.0;
  return std::min(count - 1, static_cast<uint64_t>(rank));
}

// The people that `user` talks to are spread over all the others.
uint64_t Contact(uint64_t user, uint64_t rank, uint64_t users) {
  const uint64_t step = 1 + (user * 7919 + rank * 104729) % (users - 1);
  return (user + step) % users;
}

std::string Sentence(Random& random) {
  std::string text = OneOf(kOpenings, random);
  text.append(" ").append(OneOf(kMiddles, random)).append(". ").append(OneOf(kEndings, random));
  return text;
}

struct Pair {
  uint64_t low;
  uint64_t high;
  Message last;
};

}  // namespace

Person SyntheticPerson(uint64_t index) {
  const std::string number = std::to_string(1'000'000'000 + index).substr(1);
  const std::string handle = "user" + number.substr(number.size() - 9);
  const std::string name = std::string(kFirstNames[index % kFirstNames.size()]) + " " +
                           kLastNames[index / kFirstNames.size() % kLastNames.size()];
  return {UserUuid(handle), handle, name};
}

Result<SyntheticCounts> MakeSynthetic(const SyntheticPlan& plan, const std::function<Status(std::string item)>& take) {
  STATOR_CHECK(plan.users >= 2 && plan.messages >= 1);
  Random random(plan.seed);
  std::unordered_map<uint64_t, size_t> index_of;
  std::vector<Pair> pairs;
  const int64_t step = std::max<int64_t>(1, kSpan.count() / static_cast<int64_t>(plan.messages));
  for (uint64_t i = 0; i < plan.messages; ++i) {
    const uint64_t author = Zipf(plan.users, random);
    const uint64_t reader = Contact(author, Zipf(std::min(kContacts, plan.users - 1), random), plan.users);
    const uint64_t low = std::min(author, reader);
    const uint64_t high = std::max(author, reader);
    const auto [found, is_new] = index_of.try_emplace(low * plan.users + high, pairs.size());
    if (is_new) pairs.push_back({low, high, {}});
    Message& last = pairs[found->second].last;
    if (is_new) last.group_uuid = NameUuid("group/" + SyntheticPerson(low).uuid + "/" + SyntheticPerson(high).uuid);
    last.author = SyntheticPerson(author);
    // Within its step, so that no two messages share a time and a sort key.
    last.created_at = StampOf(kBegin + Duration(static_cast<int64_t>(i) * step +
                                                static_cast<int64_t>(random.Below(static_cast<uint64_t>(step)))));
    last.text = Sentence(random);
    last.uuid = NameUuid("message/" + last.group_uuid + "/" + last.created_at);
    STATOR_OK(take(MessageItem(last)));
  }
  for (const Pair& pair : pairs) {
    const Person low = SyntheticPerson(pair.low);
    const Person high = SyntheticPerson(pair.high);
    STATOR_OK(take(GroupItem(low, high, pair.last)));
    STATOR_OK(take(GroupItem(high, low, pair.last)));
  }
  return SyntheticCounts{plan.messages, pairs.size()};
}

}  // namespace stator::messages
