// What the kernel knows about processes: CPU time spent, memory held, cores allowed.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace load {

// User and system time of the processes, all threads, in seconds. The kernel's unit is 10 ms.
double CpuSeconds(const std::vector<pid_t>& processes);
double OwnCpuSeconds();

// Keeps this process on the listed cores. False if the kernel refuses.
bool PinTo(const std::vector<int>& cores);

// Starts `command` and measures milliseconds from exec until `port` answers `GET /`; then stops it again.
// Negative if it does not answer within `limit_seconds`.
double StartMilliseconds(const std::vector<std::string>& command, int port, double limit_seconds);

}  // namespace load
