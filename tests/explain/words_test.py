# SPDX-License-Identifier: Apache-2.0
"""Goal: `dojima why` and `dojima at` say in words what they say in numbers, say clearly what they cannot
tell, and show no foreign order in the own view. Method: a seeded log; the text of orders beside their
JSON, at 80 characters a line and without colour when it is no terminal; names that were used twice; errors
with their exit codes; `at` against the fold of tests/explain/fold.py; damage; a log beside a writer.

   words_test.py DOJIMA WRITE_LOG"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fold as folding  # pylint: disable=wrong-import-position
import numbers_test  # pylint: disable=wrong-import-position

SEED, COMMANDS = 2, 4000


class Stage:
    """A log, and the binary that is asked about it."""

    def __init__(self, dojima, write_log, work):
        self.dojima, self.data = dojima, work + "/data"
        subprocess.run([write_log, self.data, str(SEED), str(COMMANDS)], check=True)
        self.dump = self.ask(0, "log", "dump", self.data, "--json").stdout.splitlines()
        self.fold, self.commands = folding.run(self.dump, numbers_test.rejects())
        self.checks = 0

    def ask(self, code, *arguments):
        done = subprocess.run([self.dojima, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{arguments}: exit code {done.returncode}, wanted {code}\n{done.stderr}"
        return done

    def tell(self, code, command, *arguments):
        self.checks += 1
        return self.ask(code, command, *arguments, "--data", self.data)

    def refuses(self, code, words, *arguments):
        said = self.tell(code, *arguments)
        assert words in said.stderr and said.stderr.startswith("dojima: "), said.stderr
        assert said.stdout == "", said.stdout

    def first(self, wanted):
        return next(o for o in self.fold.orders.values() if wanted(o))


def events_of(order):
    return [e for views in order.steps for e in views.get(True, {"events": []})["events"]]


def has(kind, reason=None):
    return lambda o: any(e["event"] == kind and reason in (None, e.get("reason")) for e in events_of(o))


def text_of_orders(stage):
    """Each way to end, with its meaning; lines of 80 characters; no colour."""
    for kind, reason, words in (
            ("removed", "EXPIRED", "EXPIRED, its expiry time came"),
            ("removed", "MASS_CANCEL", "MASS_CANCEL, a mass cancel took it"),
            ("removed", "END_OF_DAY", "END_OF_DAY, a DAY order at the end of the trading day"),
            ("removed", "DISCONNECTED", "DISCONNECTED, its session ended"),
            ("removed", "REQUESTED", "REQUESTED, its owner asked"),
            ("cancelled", "IOC_REMAINDER", "IOC_REMAINDER, immediate-or-cancel"),
            ("cancelled", "FOK_NOT_FILLABLE", "FOK_NOT_FILLABLE, fill-or-kill"),
            ("replaced", None, "the place in the queue is "),
            ("trade", None, "match "),
            ("prevented", None, " of its own self-trade group "),
            ("removed", "SELF_TRADE", "SELF_TRADE, it would have traded with an order of its own"),
            ("replayed", None, "came again: answered with its first result")):
        order = stage.first(has(kind, reason))
        said = stage.tell(0, "why", f"order:{order.id}").stdout
        flat = " ".join(said.split())
        assert words in flat, f"{kind} {reason}: {said}"
        assert f"order {order.id} " in flat and "there is no ledger yet" in flat
        assert "\x1b" not in said and max(len(line) for line in said.splitlines()) <= 80, said


def refused_commands(stage):
    """The cause and the remedy of the schema, and the numbers."""
    seen = set()
    for command, events in stage.commands:
        refused = [e for e in events if e["event"] == "rejected"]
        if refused and refused[0]["code"] not in seen and stage.fold.commands[command["sequence"]]:
            code = refused[0]["code"]
            said = stage.tell(0, "why", f"command:{command['sequence']}").stdout
            flat = " ".join(said.split())
            if f"refused: {code} " in flat:
                assert "Remedy: " in flat and f"limit {refused[0]['limit']}, value {refused[0]['value']}" in flat
                seen.add(code)
    assert len(seen) >= 20, seen


def own_view_names_nobody(stage):
    """In the text, too: orders of others are in the operator's view and not in the own one."""
    found = 0
    for order in stage.fold.orders.values():
        others = {e[side] for e in events_of(order) if e["event"] == "trade" for side in
                  ("maker_order_id", "taker_order_id")}
        others |= {a["order_id"] for v in order.steps if True in v for a in v[True]["ahead"]}
        foreign = {o for o in others if stage.fold.orders[int(o)].participant != order.participant}
        if not foreign or found == 40:
            continue
        own = stage.tell(0, "why", f"order:{order.id}").stdout.split()
        operator = stage.tell(0, "why", f"order:{order.id}", "--operator").stdout.split()
        for number in foreign:
            assert number not in own, f"order {order.id} shows {number}"
            assert number in operator, f"order {order.id}, operator view, lacks {number}"
        found += 1
    assert found == 40


def names_of_several_days(stage):
    bearers = {}
    for order in stage.fold.orders.values():
        bearers.setdefault((order.account, order.first["client_order_id"]), []).append(order)
    (account, name), orders = next((k, v) for k, v in bearers.items() if len(v) > 1)
    said = stage.tell(2, "why", f"{account}/{name}").stdout
    assert all(f"dojima why order:{order.id} " in said for order in orders), said
    listed = json.loads(stage.tell(2, "why", f"{account}/{name}", "--json").stdout)["candidates"]
    assert {str(order.id) for order in orders} <= {c["order_id"] for c in listed}
    for (account, name), orders in bearers.items():
        if len(orders) == 1 and has("trade")(orders[0]):
            done = subprocess.run([stage.dojima, "why", f"{account}/{name}", "--json", "--data", stage.data],
                                  capture_output=True, text=True, check=False)
            if done.returncode == 0:
                assert json.loads(done.stdout)["order"]["order_id"] == str(orders[0].id)
                return
    assert False, "no name of one order"


def numbers_of_either_kind(stage):
    """A bare number is an order id or a command; a cancel leads to its order."""
    order = stage.first(has("removed", "REQUESTED"))
    assert json.loads(stage.tell(0, "why", str(order.id), "--json").stdout)["order"]["order_id"] == str(order.id)
    cause = next(e["cause"] for e in events_of(order) if e.get("reason") == "REQUESTED")
    told = json.loads(stage.tell(0, "why", str(cause), "--json").stdout)
    assert told["order"]["order_id"] == str(order.id) and told["asked"] == cause


def errors(stage):
    stage.refuses(2, f"there is no command {COMMANDS + 1}: the log in", "why", f"command:{COMMANDS + 1}")
    stage.refuses(2, "no order has the id 70000", "why", "order:70000")
    stage.refuses(2, "never gave an order the name nobody", "why", "1/nobody")
    for bad in ("x", "0", "-1", "1/", "/a", "order:", "7/" + "a" * 37, "18446744073709551616"):
        stage.refuses(2, f"'{bad}' is no order id" if bad != "-1" else "-1", "why", bad)
    stage.refuses(2, f"ends at command {COMMANDS}", "at", str(COMMANDS + 1))
    stage.refuses(2, "instrument 12 is not listed", "at", "5", "--instrument", "12")
    stage.refuses(2, "account 1 is not open", "at", "5", "--account", "1")
    stage.refuses(2, "name one command sequence", "at", "zero")
    gone = stage.ask(2, "why", "1", "--data", stage.data + "/nothing")
    assert "there is no directory" in gone.stderr


def states(stage):
    """`at` against the fold: books, orders, phases, sessions; and the hash of the whole log."""
    at = json.loads(stage.tell(0, "at", "end", "--json", "--depth", "1000").stdout)
    fold = stage.fold
    live = sorted((o for o in fold.orders.values() if o.rests), key=lambda o: (int(o.account), o.id))
    assert [(o["account"], o["order_id"], o["open"], o["price"], o["quantity"]) for o in at["orders"]] == \
        [(o.account, str(o.id), o.open, o.price, o.total) for o in live]
    assert at["counts"]["orders"] == len(live) and at["counts"]["levels"] == fold.levels()
    assert at["sequence"] == COMMANDS and at["time_ns"] == fold.now
    for instrument in at["instruments"]:
        number = instrument["instrument"]
        assert instrument["phase"] == fold.instruments[number]["phase"]
        for side in ("buy", "sell"):
            book = fold.book(number, side.upper())
            assert instrument[side] == [
                {"price": p, "quantity": sum(o.open for o in book[p]), "orders": len(book[p])}
                for p in fold.prices(number, side.upper())]
    for session in at["sessions"]:
        known = fold.sessions[session["session"]]
        assert (session["incarnation"], session["closed"], session["blocked"], session["last_input_sequence"]) == \
            (known["incarnation"], known["closed"], known["blocked"], known["last"])
    half, _ = folding.run(lines_until(stage.dump, COMMANDS // 2), numbers_test.rejects())
    middle = json.loads(stage.tell(0, "at", str(COMMANDS // 2), "--json").stdout)
    assert {o["order_id"] for o in middle["orders"]} == {str(o.id) for o in half.orders.values() if o.rests}
    assert middle["state_hash"] != at["state_hash"] and len(at["state_hash"]) == 64
    said = stage.tell(0, "at", "end").stdout
    assert max(len(line) for line in said.splitlines()) <= 80 and at["state_hash"] in said, said


def lines_until(lines, last):
    """Commands up to `last` with the events that they caused."""
    kept = []
    for line in lines:
        record = json.loads(line)
        if record.get("cause", record["sequence"]) <= last:
            kept.append(line)
    return kept


def damage_is_named(stage, work):
    """A flipped byte in the middle: what `log verify` says, and no answer that hides it."""
    damaged = work + "/damaged"
    shutil.copytree(stage.data, damaged)
    segment = sorted(pathlib.Path(damaged, "commands").glob("*[0-9]*"))[0]
    content = bytearray(segment.read_bytes())
    place = len(content.rstrip(b"\0")) // 2
    content[place] ^= 0x40
    segment.write_bytes(content)
    told = subprocess.run([stage.dojima, "why", "command:3900", "--data", damaged], capture_output=True, text=True,
                          check=False)
    verified = subprocess.run([stage.dojima, "log", "verify", damaged], capture_output=True, text=True, check=False)
    assert told.returncode == 1 and verified.returncode == 1, (told, verified)
    assert "damaged at sequence" in told.stderr, told.stderr
    sequence = verified.stdout.split("at sequence ")[1].split(":")[0]
    assert f"at sequence {sequence} " in told.stderr, (told.stderr, verified.stdout)


def main():
    dojima, write_log = sys.argv[1:3]
    os.environ.pop("COLUMNS", None)
    with tempfile.TemporaryDirectory() as work:
        stage = Stage(dojima, write_log, work)
        for part in (text_of_orders, refused_commands, own_view_names_nobody, names_of_several_days,
                     numbers_of_either_kind, errors, states):
            part(stage)
        damage_is_named(stage, work)
        print(f"{stage.checks} answers are right")


if __name__ == "__main__":
    main()
