// Any bytes are a filter pattern or an error; a pattern can be asked about any message. The first line of the input is
// the pattern, the rest the message.
#include "logs/filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const stator::Bytes input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  const auto filter = stator::logs::Filter::Parse(input.substr(0, end));
  if (filter.ok() && end != stator::Bytes::npos) (void)filter->Matches(input.substr(end + 1));
  return 0;
}
