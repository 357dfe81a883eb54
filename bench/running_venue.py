# SPDX-License-Identifier: Apache-2.0
"""A venue in a process of its own, for the benchmarks that meet it as its users do."""
import json
import os
import socket
import subprocess


class Failure(Exception):
    """What cannot be measured, in a sentence."""


def free_port():
    """A port of this machine that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def own_core():
    """The processor that the trading loop has for itself; where there is only one, none."""
    processors = sorted(os.sched_getaffinity(0))
    return str(processors[0]) if len(processors) > 1 else "any"


def json_of(command):
    """Standard output of a command as JSON. Exit 1 is a finding, not a failure: it has its figures."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise Failure(f"{' '.join(command)} ended with {done.returncode}")
    return json.loads(done.stdout)


def commit_of_tree(script):
    """What is measured, marked when it is not what is committed."""
    head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], stdout=subprocess.PIPE, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "--", "src", "apps", "cmake", script, "bench/running_venue.py"],
                             stdout=subprocess.PIPE, text=True, check=False)
    return (head.stdout.strip() or "unknown") + ("+changes" if changed.stdout.strip() else "")


def calibrate(bench, directory, quick):
    """The machine of this minute, as dojima_bench measures it."""
    where = os.path.join(directory, "calibration")
    os.makedirs(where, exist_ok=True)
    subprocess.run([bench, "calibration", *(["--quick"] if quick else []), "--data", where, "--results", where],
                   check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(where, "calibration.json"), encoding="ascii") as file:
        return json.load(file)["calibration"]
