#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Goal: the independent judge agrees with the venue over simulated lives, and disagrees as soon as one
thing in what the clients heard is another. Method: lives by their seeds are judged; then one history is
changed, one line at a time, in every way a venue could be wrong that a client can see.

    judge_test.py SIMULATOR
"""
import copy
import json
import os
import subprocess
import sys
import tempfile

import judge

LIVES = 25
CHANGED = 39  # the seed of the life that is changed
CHANGES_EACH = 5  # lines that each kind of change is tried on


def first_lines(rows, wanted, count=CHANGES_EACH):
    """Places of the first lines for which `wanted` holds, spread over the history."""
    places = [place for place, row in enumerate(rows) if wanted(row)]
    step = max(1, len(places) // count)
    return places[::step][:count]


def heard(row, *events):
    """Whether a line is one of these events."""
    return "heard" in row and row["heard"]["event"] in events


def change_field(field, by):
    """A change of one number of an event."""
    def change(rows, place):
        rows[place]["heard"][field] += by
    return change


def drop(rows, place):
    """The line was never told, and the numbers close the gap."""
    gone = rows.pop(place)
    for row in rows[place:]:
        if row["session"] == gone["session"] and "number" in row:
            row["number"] -= 1


def double(rows, place):
    """An order is entered a second time, under its name, with a later event number."""
    again = copy.deepcopy(rows[place])
    last = max(row["heard"]["sequence"] for row in rows if "heard" in row)
    again["heard"]["sequence"] = last + 1
    again["heard"]["cause"] = 10 ** 9
    again["number"] = 1 + max(row["number"] for row in rows
                              if row["session"] == again["session"] and "number" in row)
    rows.append(again)


def never_seen(rows, place):
    """A result is told again as none."""
    rows[place]["heard"]["event_sequence"] = "0"


def other_side(rows, place):
    """An order goes the other way than it was asked to."""
    event = rows[place]["heard"]
    event["side"] = "SELL" if event["side"] == "BUY" else "BUY"


def forget_open(rows, place):
    """A client's last word leaves an order out."""
    rows[place]["open"] = rows[place]["open"][1:]


CHANGES = [
    ("a fill of one lot more", lambda row: heard(row, "trade"), change_field("quantity", 1)),
    ("a fill at another price", lambda row: heard(row, "trade"), change_field("price", 100)),
    ("a maker with one lot more left", lambda row: heard(row, "trade"), change_field("maker_remaining", 1)),
    ("a prevention that costs the taker one lot more", lambda row: heard(row, "prevented"),
     change_field("taker_cancelled", 1)),
    ("a prevention with one lot more of the maker left", lambda row: heard(row, "prevented"),
     change_field("maker_remaining", 1)),
    ("a prevention that one side was not told", lambda row: heard(row, "prevented"), drop),
    ("a cancel of one lot more", lambda row: heard(row, "removed", "cancelled"), change_field("quantity", 1)),
    ("an order of one lot more", lambda row: heard(row, "accepted"), change_field("quantity", 1)),
    ("an order that goes the other way", lambda row: heard(row, "accepted"), other_side),
    ("a fill that one side was not told", lambda row: heard(row, "trade"), drop),
    ("an order that was not told", lambda row: heard(row, "accepted"), drop),
    ("a name that is entered twice", lambda row: heard(row, "accepted"), double),
    ("a replace with one lot too many open", lambda row: heard(row, "replaced"), change_field("remaining", 1)),
    ("an accepted order told as never seen",
     lambda row: heard(row, "replayed", "resolved") and row["heard"]["event_sequence"] != "0"
     and row["heard"]["code"] == "?", never_seen),  # no reject code: it was accepted
    ("an open order that its client forgot", lambda row: bool(row.get("open")), forget_open),
]


def live(simulator, seed, path):
    """One life, its history in `path`."""
    subprocess.run([simulator, "--seed", str(seed), "--history", path], check=True, stdout=subprocess.DEVNULL)


def judge_rows(rows, path):
    """What the judge has against these lines."""
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    return judge.judge_history(path).wrong


def main():
    simulator = sys.argv[1]
    failures, trades, preventions, tried = [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "history")
        for seed in range(1, LIVES + 1):
            live(simulator, seed, path)
            verdict = judge.judge_history(path)
            trades += verdict.counts["trades"]
            preventions += verdict.counts["preventions"]
            failures += [f"seed {seed}: {line}" for line in verdict.wrong[:3]]
        if trades < 1000 or preventions < 100:
            failures.append(f"only {trades} trades and {preventions} preventions were judged: that proves nothing")
        live(simulator, CHANGED, path)
        with open(path, encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for what, wanted, change in CHANGES:
            places = first_lines(rows, wanted)
            if not places:
                failures.append(f"{what}: the history has no line to change")
            for place in places:
                changed = copy.deepcopy(rows)
                change(changed, place)
                tried += 1
                if not judge_rows(changed, path):
                    failures.append(f"{what} (line {place + 1}): the judge found nothing")
    for line in failures:
        print(line)
    print(f"{LIVES} lives, {trades} trades and {preventions} preventions judged; {tried} changed histories: {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
