#include "triggers/mapping.h"

#include "base/coding.h"

namespace stator::triggers {
namespace {

// On disk: never renumber.
constexpr uint64_t kLatest = 1;
constexpr uint64_t kEnabled = 2;
constexpr uint64_t kDeleting = 4;
constexpr uint64_t kBisect = 8;
constexpr uint64_t kReportFailures = 16;

uint64_t FlagIf(bool set, uint64_t flag) { return set ? flag : 0; }

// -1 is a value of some settings.
void PutSetting(std::string* out, int value) { PutVarint(out, static_cast<uint64_t>(value) + 1); }
bool GetSetting(Bytes* in, int* value) {
  uint64_t raw = 0;
  if (!GetVarint(in, &raw)) return false;
  *value = static_cast<int>(static_cast<int64_t>(raw) - 1);
  return true;
}

bool GetText(Bytes* in, std::string* out) {
  Bytes text;
  if (!GetLengthPrefixed(in, &text)) return false;
  out->assign(text);
  return true;
}

bool GetFilters(Bytes* in, std::vector<std::string>* out) {
  uint64_t count = 0;
  if (!GetVarint(in, &count) || count > in->size()) return false;
  out->resize(count);
  for (std::string& filter : *out) {
    if (!GetText(in, &filter)) return false;
  }
  return true;
}

}  // namespace

std::string EncodeMapping(const Mapping& mapping) {
  const Settings& s = mapping.settings;
  std::string out;
  for (const std::string* text : {&mapping.uuid, &mapping.arn, &mapping.stream_arn, &mapping.function_arn}) {
    PutLengthPrefixed(&out, *text);
  }
  PutVarint(&out, FlagIf(mapping.latest, kLatest) | FlagIf(mapping.enabled, kEnabled) |
                      FlagIf(mapping.deleting, kDeleting) | FlagIf(s.bisect_on_error, kBisect) |
                      FlagIf(s.report_item_failures, kReportFailures));
  PutVarint(&out, mapping.start);
  PutVarint(&out, static_cast<uint64_t>(mapping.last_modified.micros));
  for (const int value : {s.batch_size, s.batching_window_seconds, s.parallelization_factor, s.tumbling_window_seconds,
                          s.maximum_retries, s.maximum_record_age_seconds}) {
    PutSetting(&out, value);
  }
  PutLengthPrefixed(&out, s.on_failure);
  PutVarint(&out, s.filters.size());
  for (const std::string& filter : s.filters) PutLengthPrefixed(&out, filter);
  return out;
}

bool DecodeMapping(Bytes payload, Mapping* mapping) {
  Settings& s = mapping->settings;
  for (std::string* text : {&mapping->uuid, &mapping->arn, &mapping->stream_arn, &mapping->function_arn}) {
    if (!GetText(&payload, text)) return false;
  }
  uint64_t flags = 0;
  uint64_t modified = 0;
  if (!GetVarint(&payload, &flags) || !GetVarint(&payload, &mapping->start) || !GetVarint(&payload, &modified)) {
    return false;
  }
  mapping->latest = (flags & kLatest) != 0;
  mapping->enabled = (flags & kEnabled) != 0;
  mapping->deleting = (flags & kDeleting) != 0;
  s.bisect_on_error = (flags & kBisect) != 0;
  s.report_item_failures = (flags & kReportFailures) != 0;
  mapping->last_modified = Time{static_cast<int64_t>(modified)};
  for (int* value : {&s.batch_size, &s.batching_window_seconds, &s.parallelization_factor, &s.tumbling_window_seconds,
                     &s.maximum_retries, &s.maximum_record_age_seconds}) {
    if (!GetSetting(&payload, value)) return false;
  }
  return GetText(&payload, &s.on_failure) && GetFilters(&payload, &s.filters) && payload.empty();
}

}  // namespace stator::triggers
