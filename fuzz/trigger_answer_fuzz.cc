// Whatever a function of a user pool returns is an answer or is refused as one, and what is taken from it is bounded.
#include "base/check.h"
#include "errors/pools.h"
#include "json/value.h"
#include "services/cognito/trigger_event.h"

namespace {

template <class Answer>
void CheckRefusal(const Answer& answer) {
  if (!answer.ok()) STATOR_CHECK(answer.error().id == stator::errors::kPoolTriggerAnswer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace stator::services::cognito;  // NOLINT(google-build-using-namespace)
  const stator::Bytes payload(reinterpret_cast<const char*>(data), size);
  CheckRefusal(CheckAnswer(payload));
  CheckRefusal(ReadPreSignUp(payload));
  CheckRefusal(ReadUserMigration(payload));
  const auto text = ReadCustomMessage(payload, "123456", "nora");
  CheckRefusal(text);
  if (text.ok()) STATOR_CHECK(text->email.size() <= 80'000 && text->subject.size() <= 560 && text->sms.size() <= 560);
  const auto changes = ReadPreTokenGeneration(payload);
  CheckRefusal(changes);
  if (!changes.ok()) return 0;
  // Values of claims are JSON again: they go into tokens as they are.
  stator::json::Document document;
  for (const auto& [name, json] : changes->id_claims) STATOR_CHECK(document.Parse(json).ok());
  for (const auto& [name, json] : changes->access_claims) STATOR_CHECK(document.Parse(json).ok());
  return 0;
}
