"""Where things are, and making sure that they are there."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RELEASE = ROOT / "build" / "release"
STATOR = RELEASE / "stator"
LOAD = RELEASE / "bench_load"
PEERS = ROOT / "build" / "bench-peers"
DYNOXIDE = PEERS / "node_modules" / "@dynoxide" / "linux-x64" / "dynoxide"
DYNALITE = PEERS / "node_modules" / "dynalite" / "cli.js"
# On the disk the sources are on: /tmp may be memory, and then a sync costs nothing.
SCRATCH = ROOT / "build" / "bench-data"


class Failed(Exception):
    """A run that cannot go on; the text says why and what to do."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, **options):
    say("$ " + " ".join(str(word) for word in command))
    done = subprocess.run([str(word) for word in command], stdout=sys.stderr, **options)
    if done.returncode != 0:
        raise Failed(f"this command failed: {' '.join(str(word) for word in command)}")


def nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")


def install():
    """Packages of the distribution, then the peers from npm as their lock file pins them."""
    if not all([nginx(), shutil.which("redis-server")]):
        run([ROOT / "bin" / "setup", "bench"])
    if not all([shutil.which("node"), shutil.which("npm")]):
        run([ROOT / "bin" / "setup", "test"])
    lock = ROOT / "bench" / "peers" / "package-lock.json"
    installed = PEERS / "package-lock.json"
    if DYNOXIDE.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    PEERS.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock.with_name(name), PEERS / name)
    run(["npm", "ci", "--no-fund", "--no-audit", "--omit=optional"], cwd=PEERS)
    DYNOXIDE.chmod(0o755)


def build():
    run(["cmake", "--preset", "release"], cwd=ROOT)
    run(["cmake", "--build", "--preset", "release", "--target", "stator", "bench_load"], cwd=ROOT)
