# SPDX-License-Identifier: Apache-2.0
"""Goal: every number that `dojima why --json` says is right. Method: four seeded logs of all kinds of
commands; a naive fold of what `log dump` prints (fold.py, which shares no code with explain/) writes the
whole answer for 1,000 random orders and 200 commands that are about no order, in both views by turns; the
answers must be equal, field by field. The own view must hold no account or order of anybody else. That the
comparison can fail is shown by a fold with one number changed.

   numbers_test.py DOJIMA WRITE_LOG [SEED]"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fold as folding  # pylint: disable=wrong-import-position

RARE = ("removed SELF_TRADE", "prevented ", "cancelled MINIMUM_NOT_FILLABLE")  # told whatever the sample says
COMMANDS, SEEDS, ORDERS, REFUSED = 4000, 4, 250, 50


def rejects():
    source = pathlib.Path(__file__).resolve().parents[2] / "schema/rejects.def"
    return {name: int(number) for name, number in re.findall(r"REJECT\((\w+), (\d+),", source.read_text())}


def output(*arguments):
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def why(dojima, data, subject, operator):
    arguments = [dojima, "why", subject, "--data", data, "--json"] + (["--operator"] if operator else [])
    document = json.loads(output(*arguments))
    for step in document["steps"]:
        if step["refusal"]:  # words, not numbers
            assert step["refusal"].pop("cause") and step["refusal"].pop("remedy")
    return document


def difference(told, wanted, path=""):
    if isinstance(told, dict) and isinstance(wanted, dict) and told.keys() == wanted.keys():
        pairs = [(told[key], wanted[key], f"{path}.{key}") for key in told]
    elif isinstance(told, list) and isinstance(wanted, list) and len(told) == len(wanted):
        pairs = [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(told, wanted))]
    else:
        return None if told == wanted else f"{path}: told {json.dumps(told)}, wanted {json.dumps(wanted)}"
    return next((found for found in (difference(*pair) for pair in pairs) if found), None)


def numbers_in(value):
    if isinstance(value, dict):
        return sum(numbers_in(v) for v in value.values())
    if isinstance(value, list):
        return sum(numbers_in(v) for v in value)
    return int(isinstance(value, int) or (isinstance(value, str) and value.isdigit()))


def check_own_view(fold, order, document):
    """No account, order or name of another participant, wherever it may stand."""
    for step in document["steps"]:
        for ahead in step["ahead"]:
            assert fold.accounts[ahead["account"]]["participant"] == order.participant, ahead
        for event in step["events"]:
            for field, value in event.items():
                if field.endswith("account") and value != "0":
                    assert fold.accounts[value]["participant"] == order.participant, event
                if field.endswith("order_id") and field != "client_order_id" and \
                        field != "new_client_order_id" and value != "0":
                    assert fold.orders[int(value)].participant == order.participant, event


def kinds_of(order):
    """What happened to an order: kinds of events with their reasons."""
    return {event["event"] + " " + event.get("reason", "")
            for views in order.steps for event in views.get(True, {"events": []})["events"]}


def run(dojima, write_log, seed, met):
    with tempfile.TemporaryDirectory() as work:
        data = work + "/data"
        subprocess.run([write_log, data, str(seed), str(COMMANDS)], check=True)
        dump = output(dojima, "log", "dump", data, "--json")
        fold, commands = folding.run(dump.splitlines(), rejects())
        chosen = random.Random(seed)
        orders = chosen.sample(list(fold.orders.values()), min(ORDERS, len(fold.orders)))
        for rare in RARE:
            orders += [order for order in fold.orders.values() if rare in kinds_of(order)][:2]
        for i, order in enumerate(orders):
            operator = i % 2 == 1
            told = why(dojima, data, f"order:{order.id}", operator)
            found = difference(told, fold.order_document(order, operator, COMMANDS))
            assert found is None, f"seed {seed}, order {order.id}, {'operator' if operator else 'own'} view: {found}"
            if not operator:
                check_own_view(fold, order, told)
            met["orders"] += 1
            met["numbers"] += numbers_in(told)
            for step in told["steps"]:
                for event in step["events"]:
                    met[event["event"] + " " + event.get("reason", event.get("place", ""))] = 1
                met["hidden fills"] += sum(fill["counterparty"] is None for fill in step["fills"])
                met["foreign steps"] += step["foreign"]
        others = [c["sequence"] for c, events in commands
                  if not any(fold.order_of(e) is not None and e.get("reason") not in folding.TIMER_REASONS
                             for e in events)]
        for i, sequence in enumerate(chosen.sample(others, min(REFUSED, len(others)))):
            told = why(dojima, data, f"command:{sequence}", i % 2 == 1)
            found = difference(told, fold.command_document(sequence, i % 2 == 1, COMMANDS))
            assert found is None, f"seed {seed}, command {sequence}: {found}"
            met["commands"] += 1
            met["numbers"] += numbers_in(told)
            if told["steps"][0]["refusal"]:
                met["refused " + told["steps"][0]["refusal"]["code"]] = 1
        changed = fold.order_document(orders[0], False, COMMANDS)
        changed["order"]["quantity"] += 1
        assert difference(why(dojima, data, f"order:{orders[0].id}", False), changed) is not None


def main():
    dojima, write_log = sys.argv[1:3]
    met = {"orders": 0, "commands": 0, "numbers": 0, "hidden fills": 0, "foreign steps": 0}
    for seed in [int(sys.argv[3])] if len(sys.argv) > 3 else range(SEEDS):
        run(dojima, write_log, seed, met)
    print(json.dumps({key: met[key] for key in ("orders", "commands", "numbers", "hidden fills", "foreign steps")}))
    print("met:", ", ".join(sorted(key for key in met if met[key] == 1)))
    if len(sys.argv) <= 3:
        assert met["orders"] >= 1000 and met["hidden fills"] > 50 and met["foreign steps"] > 50
        for must in ("removed EXPIRED", "removed END_OF_DAY", "removed DISCONNECTED", "removed DEAD_MAN",
                     "removed MASS_CANCEL", "removed REQUESTED", "replaced KEPT", "replaced LOST",
                     "cancelled IOC_REMAINDER", "cancelled FOK_NOT_FILLABLE", "cancelled MARKET_REMAINDER",
                     "cancelled MINIMUM_NOT_FILLABLE",
                     "replayed ", "rejected ", "resolved ", "prevented ", "removed SELF_TRADE"):
            assert must in met, f"never met: {must}"


if __name__ == "__main__":
    main()
