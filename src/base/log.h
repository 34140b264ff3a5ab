// Diagnostics to stderr, one line each, with time and level. For people; nothing parses it.
#pragma once

#include <string_view>

namespace stator {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

void SetLogLevel(LogLevel);
// Any thread.
void Log(LogLevel, std::string_view text);

inline void LogInfo(std::string_view text) { Log(LogLevel::kInfo, text); }
inline void LogWarn(std::string_view text) { Log(LogLevel::kWarn, text); }
inline void LogError(std::string_view text) { Log(LogLevel::kError, text); }

}  // namespace stator
