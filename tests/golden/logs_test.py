# SPDX-License-Identifier: Apache-2.0
"""Goal: what a release wrote, every later build reads to the same state. Method: the golden logs of each
release (tests/golden/logs/RELEASE, made by tools/golden) are replayed; every event is compared with the one
that was logged, the state hash with the one that was recorded, the snapshot with the state it holds. Then one bit
of it is changed, and the same question must find it.

   logs_test.py DOJIMA"""
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

LOGS = pathlib.Path(__file__).resolve().parent / "logs"


def ask(code, *command):
    """Standard output of a command that ends with this exit code."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{command}: exit code {done.returncode}, wanted {code}\n{done.stderr}"
    return done.stdout


def check_log(dojima, data, expected):
    """One log against what its release said of it."""
    whole = json.loads(ask(0, dojima, "log", "--full", "--json", "verify", data))
    assert whole == {"ok": True, "commands": expected["sequence"], "events": expected["event_sequence"]}, whole
    state = json.loads(ask(0, dojima, "at", "end", "--data", data, "--json"))
    for key, value in expected.items():
        assert state[key] == value, f"{key}: {state[key]}, recorded {value}"
    snapshots = json.loads(ask(0, dojima, "snapshot", "--list", "--verify", "--json", "--data", data))["snapshots"]
    assert len(snapshots) == 1 and snapshots[0]["ok"], snapshots
    assert snapshots[0]["state_hash"] == expected["state_hash"], snapshots


def check_that_it_can_fail(dojima, data):
    """A log whose event bytes are not what its commands give is refused."""
    segment = data / "events/00000001.segment"
    content = bytearray(segment.read_bytes())
    content[len(content) // 8] ^= 1
    segment.write_bytes(content)
    ask(1, dojima, "log", "--full", "--json", "verify", data)


def main():
    releases = sorted(path for path in LOGS.iterdir() if path.is_dir())
    assert releases, f"no golden logs in {LOGS}"
    for release in releases:
        expected = json.loads((release / "expected.json").read_text(encoding="utf-8"))
        assert len(list(release.glob("*.tar.xz"))) == len(expected) > 0
        for seed in sorted(expected):
            with tempfile.TemporaryDirectory() as work, tarfile.open(release / f"{seed}.tar.xz") as archive:
                archive.extractall(work)
                data = pathlib.Path(work) / seed
                check_log(sys.argv[1], data, expected[seed])
                check_that_it_can_fail(sys.argv[1], data)
            print(f"release {release.name}, log {seed}: {expected[seed]['event_sequence']} events as recorded")


if __name__ == "__main__":
    main()
