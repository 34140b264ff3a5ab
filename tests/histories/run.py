#!/usr/bin/env python3
"""Records histories of a server that is killed now and then, and checks each: strictly serializable, or an anomaly.

    run.py --stator build/release/stator [--histories 100] [--operations 10000] [--seed N] [--port 8200] [--kills 2]

Exit 0: no anomaly. A history with one is kept. The standard library is enough.
"""

import argparse
import collections
import pathlib
import random
import shutil
import sys
import tempfile
import time

import history as histories
from checker import Anomaly, check
from record import Run, Server


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stator", default="build/release/stator")
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--port", type=int, default=8200)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--durability", default="strict")
    arguments = parser.parse_args()
    begun, anomalies, dependencies = time.monotonic(), 0, 0
    outcomes = collections.Counter()
    for seed in range(arguments.seed, arguments.seed + arguments.histories):
        folder = tempfile.mkdtemp(prefix="stator-history-")
        server = Server(arguments.stator, folder + "/data", arguments.port, ["--durability", arguments.durability])
        try:
            history = Run(server, arguments.port, seed, arguments.operations, kills=arguments.kills).record()
        finally:
            if server.process and server.process.poll() is None:
                server.kill()
            shutil.rmtree(folder, ignore_errors=True)
        outcomes.update((operation.kind, operation.outcome) for operation in history)
        try:
            dependencies += check(history)
        except Anomaly as anomaly:
            anomalies += 1
            kept = pathlib.Path(tempfile.gettempdir()) / f"stator-history-{seed}.jsonl"
            histories.write(kept, history)
            print(f"seed {seed}: {anomaly}\n  the history: {kept}", flush=True)
        if (seed - arguments.seed) % 10 == 9:
            print(f"  {seed - arguments.seed + 1} histories, {anomalies} anomalies", file=sys.stderr, flush=True)
    for (kind, outcome), count in sorted(outcomes.items()):
        print(f"  {count:9} {kind}: {outcome}")
    print(f"{arguments.histories} histories of {arguments.operations} operations from seed {arguments.seed} in "
          f"{time.monotonic() - begun:.0f} s, {dependencies} dependencies: {anomalies} anomalies")
    sys.exit(1 if anomalies else 0)


if __name__ == "__main__":
    main()
