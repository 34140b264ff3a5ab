#include "runtime/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/random.h"
#include "json/writer.h"

namespace stator::runtime {
namespace {

std::string Hundredths(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", ms);
  return text;
}

std::string Hex(uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

std::string StatusOf(const Ending& ending) {
  switch (ending.kind) {
    case Ending::Kind::kFine:
      return "";
    case Ending::Kind::kTimeout:
      return "Status: timeout";
    case Ending::Kind::kError:
      return ending.error_type.empty() ? "" : "Status: error\tError Type: " + ending.error_type;
  }
  return "";
}

// "python3.12" is "python:3.12", "nodejs20.x" is "nodejs:20", "provided.al2023" is "provided:al2023".
std::string DisplayName(const std::string& runtime) {
  const size_t digit = runtime.find_first_of("0123456789");
  const size_t dot = runtime.find('.');
  std::string name = runtime;
  if (dot != std::string::npos && dot < digit) {
    name[dot] = ':';
  } else if (digit != std::string::npos) {
    name.insert(digit, ":");
  }
  if (name.ends_with(".x")) name.resize(name.size() - 2);
  return name;
}

}  // namespace

std::string InitStartLine(const functions::Function& function) {
  return "INIT_START Runtime Version: " + DisplayName(function.runtime) +
         ".v1\tRuntime Version ARN: " + RuntimeVersionArn(function.region, function.runtime) + "\n";
}

std::string StartLine(const std::string& request_id, const functions::Function& function) {
  return "START RequestId: " + request_id + " Version: " + function.version + "\n";
}

std::string EndLine(const std::string& request_id) { return "END RequestId: " + request_id + "\n"; }

std::string ReportLine(const std::string& request_id, const functions::Function& function, const ReportFacts& facts) {
  const int64_t megabytes = (facts.max_memory + (1 << 20) - 1) >> 20;
  std::string line =
      "REPORT RequestId: " + request_id + "\tDuration: " + Hundredths(facts.duration_ms) +
      " ms\tBilled Duration: " + std::to_string(std::max<int64_t>(1, std::llround(std::ceil(facts.duration_ms)))) +
      " ms\tMemory Size: " + std::to_string(function.memory_mb) + " MB\tMax Memory Used: " + std::to_string(megabytes) +
      " MB\t";
  if (facts.init_ms) line += "Init Duration: " + Hundredths(*facts.init_ms) + " ms\t";
  return line + StatusOf(facts.ending) + "\n";
}

std::string InitReportLine(double init_ms, const char* phase, const Ending& ending) {
  return "INIT_REPORT Init Duration: " + Hundredths(init_ms) + " ms\tPhase: " + phase + "\t" + StatusOf(ending) + "\n";
}

std::string TimeoutLine(Time at, const std::string& request_id, int seconds) {
  return FormatIso(at) + " " + request_id + " Task timed out after " + std::to_string(seconds) + ".00 seconds\n";
}

std::string ErrorPayload(Bytes type, Bytes message) {
  std::string out;
  json::Writer(&out).BeginObject().Key("errorType").String(type).Key("errorMessage").String(message).EndObject();
  return out;
}

std::string RequestError(const std::string& request_id, Bytes what) {
  return "RequestId: " + request_id + " Error: " + std::string(what);
}

std::string NormalizedType(Bytes type) {
  const auto plain = [](Bytes rest) {
    return !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
  };
  for (const Bytes prefix : {Bytes("Runtime."), Bytes("Function.")}) {
    if (!type.starts_with(prefix)) continue;
    return plain(type.substr(prefix.size())) ? std::string(type) : std::string(prefix) + "Unknown";
  }
  return "Runtime.Unknown";
}

std::string NewLogStreamName(Time at, const std::string& version) {
  std::string day = FormatIso(at).substr(0, 10);
  std::replace(day.begin(), day.end(), '-', '/');
  return day + "/[" + version + "]" + Hex(ThreadRandom().Next()) + Hex(ThreadRandom().Next());
}

std::string RuntimeVersionArn(const std::string& region, const std::string& runtime) {
  uint64_t seed = 0xcbf29ce484222325;
  for (const char c : runtime) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  Random random(seed);
  std::string hex;
  for (int i = 0; i < 4; ++i) hex += Hex(random.Next());
  return "arn:aws:lambda:" + region + "::runtime:" + hex;
}

}  // namespace stator::runtime
