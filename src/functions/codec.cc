// Tests: codec_test.cc; format: docs/formats/functions.md.
#include "functions/codec.h"

#include <bit>

#include "base/coder.h"

namespace stator::functions {
namespace {

template <class Coder>
void CodeOptionalInt(Coder& coder, Of<Coder, std::optional<int>> value) {
  coder.Optional(value, [&coder](auto& number) { coder.Number(number); });
}

template <class Coder>
void CodeShown(Coder& coder, Of<Coder, Shown> shown) {
  coder.Text(shown.architecture);
  coder.Text(shown.tracing);
  coder.Text(shown.dead_letter);
  coder.Text(shown.kms_key);
  CodeTexts(coder, shown.subnets);
  CodeTexts(coder, shown.security_groups);
  coder.Number(shown.vpc);
  coder.Text(shown.log_format);
  coder.Text(shown.application_log_level);
  coder.Text(shown.system_log_level);
  coder.Text(shown.snap_start);
}

// What a version is made of, without what names this one and its states.
template <class Coder>
void CodeContent(Coder& coder, Of<Coder, Function> function) {
  coder.Text(function.runtime);
  coder.Text(function.handler);
  coder.Text(function.role);
  coder.Number(function.timeout_seconds);
  coder.Number(function.memory_mb);
  coder.Number(function.ephemeral_mb);
  CodePairs(coder, function.environment);
  coder.Text(function.log_group);
  coder.Number(function.hot);
  coder.Text(function.code_sha256);
  coder.Number(function.code_size);
  CodeShown(coder, function.shown);
}

template <class Coder>
void CodeFunction(Coder& coder, Of<Coder, Function> function) {
  CodeContent(coder, function);
  coder.Text(function.name);
  coder.Text(function.arn);
  coder.Text(function.version);
  coder.Text(function.region);
  coder.Text(function.account);
  coder.Text(function.description);
  coder.Number(function.generation);
  coder.Text(function.revision_id);
  coder.Instant(function.last_modified);
  coder.Instant(function.settled);
  coder.Text(function.changing_revision_id);
  coder.Number(function.updated);
  coder.Text(function.code_folder);
}

template <class Coder>
void CodeAlias(Coder& coder, Of<Coder, Alias> alias) {
  coder.Text(alias.name);
  coder.Text(alias.version);
  coder.Text(alias.description);
  coder.Text(alias.second_version);
  auto weight = std::bit_cast<uint64_t>(alias.second_weight);
  coder.Fixed(weight);
  if constexpr (Coder::kReads) alias.second_weight = std::bit_cast<double>(weight);
  coder.Text(alias.revision_id);
}

template <class Coder>
void CodeEventInvoke(Coder& coder, Of<Coder, EventInvoke> config) {
  CodeOptionalInt(coder, config.max_retries);
  CodeOptionalInt(coder, config.max_age_seconds);
  coder.Text(config.on_success);
  coder.Text(config.on_failure);
  coder.Instant(config.last_modified);
}

template <class Coder>
void CodePolicy(Coder& coder, Of<Coder, Policy> policy) {
  CodePairs(coder, policy.statements);
  coder.Text(policy.revision_id);
}

// A map is a list of its keys and values.
template <class Coder, class T, class Fn>
void CodeMap(Coder& coder, Of<Coder, std::map<std::string, T>> map, Fn each) {
  std::vector<std::pair<std::string, T>> list(map.begin(), map.end());
  coder.List(list, [&](auto& pair) {
    coder.Text(pair.first);
    each(pair.second);
  });
  if constexpr (Coder::kReads) map.insert(list.begin(), list.end());
}

template <class Coder>
void CodeEntry(Coder& coder, Of<Coder, Entry> entry) {
  coder.Number(entry.next_version);
  CodeMap<Coder, Alias>(coder, entry.aliases, [&coder](auto& alias) { CodeAlias(coder, alias); });
  CodeMap<Coder, EventInvoke>(coder, entry.event_invokes, [&coder](auto& config) { CodeEventInvoke(coder, config); });
  CodeMap<Coder, Policy>(coder, entry.policies, [&coder](auto& policy) { CodePolicy(coder, policy); });
  CodePairs(coder, entry.tags);
  CodeOptionalInt(coder, entry.reserved_concurrency);
  coder.Text(entry.recursive_loop);
}

// DATA/functions/NAME/ID: only the last part, so that a data folder may be moved.
std::string StoredFolder(const Function& function) {
  return function.hot ? function.code_folder : function.code_folder.substr(function.code_folder.rfind('/') + 1);
}

void AppendFunction(std::string* out, const Function& function) {
  Function stored = function;
  stored.code_folder = StoredFolder(function);
  Encoder coder(out);
  CodeFunction<Encoder>(coder, stored);
}

}  // namespace

std::string EncodeFunction(const Function& function) {
  std::string out;
  AppendFunction(&out, function);
  return out;
}

std::optional<Function> DecodeFunction(uint8_t format, Bytes bytes) {
  if (format != kFormat) return std::nullopt;
  Function function;
  Decoder coder(bytes);
  CodeFunction<Decoder>(coder, function);
  if (!coder.Finished()) return std::nullopt;
  return function;
}

std::string EncodeEntry(const Entry& entry) {
  std::string out;
  Encoder coder(&out);
  CodeEntry<Encoder>(coder, entry);
  AppendFunction(&out, *entry.latest);
  return out;
}

std::optional<DecodedEntry> DecodeEntry(uint8_t format, Bytes bytes) {
  if (format != kFormat) return std::nullopt;
  DecodedEntry decoded;
  Decoder coder(bytes);
  CodeEntry<Decoder>(coder, decoded.entry);
  CodeFunction<Decoder>(coder, decoded.latest);
  if (!coder.Finished()) return std::nullopt;
  return decoded;
}

bool SameContent(const Function& a, const Function& b) {
  std::string left;
  std::string right;
  Encoder left_coder(&left);
  Encoder right_coder(&right);
  CodeContent<Encoder>(left_coder, a);
  CodeContent<Encoder>(right_coder, b);
  return left == right;  // the same code has the same checksum
}

}  // namespace stator::functions
