// power_cut [--rounds N] [--seed S] [--relaxed] [--lying-disk]
//
// Cuts the power N times under load and checks after each cut what the store holds. Exit 0: nothing is missing.
// With --lying-disk the disk ignores every sync, and exit 0 means that the losses were found: the test can fail.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/log.h"
#include "engine/fault/power_cut.h"

int main(int argc, char** argv) {
  stator::SetLogLevel(stator::LogLevel::kError);  // RocksDB warns of every cut
  stator::engine::PowerCutPlan plan;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--rounds" && i + 1 < argc) {
      plan.rounds = std::atoi(argv[++i]);
    } else if (flag == "--seed" && i + 1 < argc) {
      plan.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--relaxed") {
      plan.durability = stator::engine::Durability::kRelaxed;
    } else if (flag == "--lying-disk") {
      plan.lying_disk = true;
    } else {
      std::fprintf(stderr, "usage: power_cut [--rounds N] [--seed S] [--relaxed] [--lying-disk]\n");
      return 2;
    }
  }
  plan.progress = [&plan](int round) {
    if (round % 100 == 0) std::fprintf(stderr, "power_cut: %d of %d rounds\n", round, plan.rounds);
  };
  const stator::engine::PowerCutReport report = stator::engine::RunPowerCuts(plan);
  for (const std::string& violation : report.violations) std::printf("VIOLATION %s\n", violation.c_str());
  std::printf(
      "seed %llu: %d rounds (%d cuts while opening), %llu commits submitted, %llu acknowledged, %.2f syncs per "
      "acknowledged commit, %llu unsynced bytes torn away, %llu acknowledged commits lost where that is allowed, %zu "
      "violations\n",
      static_cast<unsigned long long>(plan.seed), report.rounds, report.cuts_while_opening,
      static_cast<unsigned long long>(report.submitted), static_cast<unsigned long long>(report.acknowledged),
      report.acknowledged ? static_cast<double>(report.syncs) / static_cast<double>(report.acknowledged) : 0.0,
      static_cast<unsigned long long>(report.torn_bytes), static_cast<unsigned long long>(report.lost_tail),
      report.violations.size());
  return report.violations.empty() != plan.lying_disk ? 0 : 1;
}
