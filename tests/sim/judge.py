#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent judge of a simulated life: reads what each client sent and heard (dojima-sim --history)
and knows nothing of the venue but the rules of price-time matching. It replays the acknowledged orders of
all clients through a naive book, in the order of their event numbers, and says where the venue did
something else.

    judge.py HISTORY        exit 0: all is well, else 1 and one line for each thing that is wrong
"""
import collections
import json
import sys

BEST_FIRST = {"BUY": lambda order: (-order.price, order.place), "SELL": lambda order: (order.price, order.place)}
OTHER = {"BUY": "SELL", "SELL": "BUY"}


class Order:
    """What a client was told of one order."""

    def __init__(self, heard, session):
        self.number = heard["sequence"]
        self.session = session
        self.name = heard["client_order_id"]
        self.instrument = heard["instrument"]
        self.side = heard["side"]
        self.price = heard["price"]
        self.total = self.open = heard["quantity"]
        self.force = heard["time_in_force"]
        self.place = None  # event number by which it queues, once it rests

    def crosses(self, other):
        """Whether the other order's price is good enough for this one."""
        if self.price is None:
            return True
        return other.price <= self.price if self.side == "BUY" else other.price >= self.price


class Judge:
    """All clients' stories, told in one order."""

    def __init__(self):
        self.wrong = []
        self.orders = {}
        self.book = collections.defaultdict(list)  # (instrument, side): orders that rest
        self.taking = None  # the order that is matching: (order, cause)
        self.counts = collections.Counter()

    def complain(self, number, text):
        """One thing that is wrong, with the event that shows it."""
        self.wrong.append(f"event {number}: {text}")

    def best(self, taker):
        """The order that must trade next, or None."""
        resting = self.book[(taker.instrument, OTHER[taker.side])]
        head = min(resting, key=BEST_FIRST[OTHER[taker.side]], default=None)
        return head if head is not None and taker.crosses(head) else None

    def settle(self, cause):
        """What was matching has come to its end when another command speaks."""
        if self.taking is None or self.taking[1] == cause:
            return
        order, _, number = self.taking
        self.taking = None
        if order.open == 0:
            return
        if order.force in ("IOC", "FOK"):
            self.complain(number, f"order {order.name} of {order.force} has {order.open} open for ever")
            return
        if self.best(order) is not None:
            self.complain(number, f"order {order.name} rests though {self.best(order).name} could trade")
        order.place = number
        self.book[(order.instrument, order.side)].append(order)

    def leave(self, order):
        """Takes an order out of the book, if it is there."""
        resting = self.book[(order.instrument, order.side)]
        if order in resting:
            resting.remove(order)

    def of(self, heard, key="order_id"):
        """The order that an event names."""
        order = self.orders.get(int(heard[key]) >> 16)
        if order is None:
            self.complain(heard["sequence"], "an order that no client has entered")
        return order

    def accepted(self, heard, session):
        order = Order(heard, session)
        self.orders[order.number] = order
        self.taking = (order, heard["cause"], order.number)
        self.counts["orders"] += 1

    def replaced(self, heard, _session):
        order = self.of(heard)
        if order is None:
            return
        executed = order.total - order.open
        if heard["quantity"] - executed != heard["remaining"]:
            self.complain(heard["sequence"], f"{order.name}: total, executed and open do not add up")
        keeps = heard["price"] == order.price and heard["remaining"] <= order.open
        if (heard["place"] == "KEPT") != keeps:
            self.complain(heard["sequence"], f"{order.name}: its place in the queue is {heard['place']}")
        order.name, order.price = heard["client_order_id"], heard["price"]
        order.total, order.open = heard["quantity"], heard["remaining"]
        if heard["place"] == "LOST":
            self.leave(order)
            self.taking = (order, heard["cause"], heard["sequence"])
        self.counts["replaces"] += 1

    def traded(self, heard, _session):
        maker, taker = self.of(heard, "maker_order_id"), self.of(heard, "taker_order_id")
        number, lots = heard["sequence"], heard["quantity"]
        self.counts["trades"] += 1
        if maker is None or taker is None:
            return
        if self.taking is None or self.taking[0] is not taker:
            self.complain(number, f"{taker.name} trades and was not asked to")
            return
        expected = self.best(taker)
        if expected is not maker:
            self.complain(number, f"{maker.name} trades before {expected.name if expected else 'nobody'}")
        if heard["price"] != maker.price or lots != min(maker.open, taker.open):
            self.complain(number, f"{lots} lots at {heard['price']}: neither price nor quantity of the maker")
        for order, left in ((maker, heard["maker_remaining"]), (taker, heard["taker_remaining"])):
            order.open -= lots
            if order.open != left:
                self.complain(number, f"{order.name} has {order.open} open, and is told {left}")
        if maker.open == 0:
            self.leave(maker)

    def prevented(self, heard, _session):
        """Two orders of one group met: the maker is next in the queue as for a trade, and each loses what is said."""
        maker, taker = self.of(heard, "maker_order_id"), self.of(heard, "taker_order_id")
        number = heard["sequence"]
        self.counts["preventions"] += 1
        if maker is None or taker is None:
            return
        if self.taking is None or self.taking[0] is not taker or self.best(taker) is not maker:
            self.complain(number, f"{maker.name} and {taker.name} do not meet here")
        if (maker.session + 1) // 2 != (taker.session + 1) // 2:
            self.complain(number, f"{maker.name} and {taker.name} are of two participants")
        lots = min(maker.open, taker.open)
        loses = {"CANCEL_NEWEST": (0, taker.open), "CANCEL_OLDEST": (maker.open, 0),
                 "CANCEL_BOTH": (maker.open, taker.open), "DECREMENT": (lots, lots)}[heard["mode"]]
        if (heard["maker_cancelled"], heard["taker_cancelled"]) != loses or heard["quantity"] != lots:
            self.complain(number, f"{maker.name} and {taker.name} should lose {loses}")
        for order, role in ((maker, "maker"), (taker, "taker")):
            order.open -= heard[role + "_cancelled"]
            order.total -= heard[role + "_cancelled"]
            if order.open != heard[role + "_remaining"]:
                self.complain(number, f"{order.name} has {order.open} open, and is told {heard[role + '_remaining']}")
        if maker.open == 0:
            self.leave(maker)

    def less(self, heard, _session):
        """REDUCED, REMOVED and CANCELLED."""
        order = self.of(heard)
        if order is None:
            return
        left = heard.get("remaining", 0)
        if order.open - heard["quantity"] != left:
            self.complain(heard["sequence"], f"{order.name} has {order.open} open: {heard['quantity']} cannot go")
        if heard["event"] == "cancelled" and self.best(order) is not None and \
                heard["reason"] in ("IOC_REMAINDER", "MARKET_REMAINDER"):
            self.complain(heard["sequence"], f"{order.name} is cancelled though it could trade")
        if heard["event"] == "reduced":
            order.total -= heard["quantity"]
        order.open = left
        if left == 0:
            self.leave(order)
        self.counts["cancels"] += 1

    def event(self, heard, session):
        """One event of the venue, told to one client or two."""
        self.settle(heard["cause"])
        tell = {"accepted": self.accepted, "replaced": self.replaced, "trade": self.traded, "prevented": self.prevented,
                "reduced": self.less, "removed": self.less, "cancelled": self.less}.get(heard["event"])
        if tell is not None:
            tell(heard, session)


def read(path):
    """(entries by session, what each sent, what each believes at the end)."""
    heard, sent, ends = collections.defaultdict(list), collections.defaultdict(list), {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "heard" in row:
                heard[row["session"]].append(row)
            elif "sent" in row:
                sent[row["session"]].append(row["sent"])
            else:
                ends[row["session"]] = row
    return heard, sent, ends


def judge_streams(judge, heard):
    """Numbers dense, events in order, one story of each event for everyone. Gives all events once."""
    events = {}
    tellings = collections.Counter()
    for session, rows in heard.items():
        for number, row in enumerate(rows, start=1):
            event = row["heard"]
            if row["number"] != number:
                judge.complain(event["sequence"], f"session {session} heard {row['number']} as its {number}th")
            if number > 1 and rows[number - 2]["heard"]["sequence"] > event["sequence"]:
                judge.complain(event["sequence"], f"session {session} hears it too late")
            first = events.setdefault(event["sequence"], (event, session))[0]
            if first != event:
                judge.complain(event["sequence"], "two sessions are told two different things")
            tellings[event["sequence"]] += 1
    for number, (event, _) in events.items():
        wanted = 2 if event["event"] == "trade" else 1
        if event["event"] == "prevented":  # each side that loses something
            wanted = (event["maker_cancelled"] > 0) + (event["taker_cancelled"] > 0)
        if tellings[number] != wanted:
            judge.complain(number, f"{event['event']} is told {tellings[number]} times, not {wanted}")
    return [events[number] for number in sorted(events)]


def judge_names(judge, heard, sent):
    """What was asked, and what became of it: one outcome a name, and always the same one."""
    for session, rows in heard.items():
        outcome = {}
        asked = {row["client_order_id"]: row for row in sent[session] if row["command"] == "new_order"}
        for row in rows:
            event = row["heard"]
            number, name = event["sequence"], event.get("client_order_id")
            if event["event"] in ("accepted", "replaced"):
                if name in outcome:
                    judge.complain(number, f"{name} has an outcome already: {outcome[name]}")
                outcome[name] = number
            if event["event"] == "accepted":
                wish = asked.get(name, {})
                for field in ("account", "quantity", "instrument", "side", "time_in_force"):
                    if wish.get(field) != event[field]:
                        judge.complain(number, f"{name}: {field} is {event[field]}, asked {wish.get(field)}")
                if wish.get("price") != event["price"] and wish.get("post_only") != "SLIDE":
                    judge.complain(number, f"{name}: the price is {event['price']}, asked {wish.get('price')}")
            if event["event"] in ("replayed", "resolved"):
                told = int(event["event_sequence"])
                if told == 0 and isinstance(outcome.get(name), int):
                    judge.complain(number, f"{name} is told as never seen, and has an outcome")
                if told == 0:
                    outcome[name] = "fenced"
                elif name in outcome and outcome[name] != told:
                    judge.complain(number, f"{name}: its outcome is {told} now and was {outcome[name]}")


def judge_ends(judge, ends):
    """What each client believes to be open is what the naive book holds."""
    for session, end in ends.items():
        believed = {int(row["order_id"]) >> 16: int(row["open"]) for row in end["open"]}
        held = {order.number: order.open for order in judge.orders.values()
                if order.session == session and order.open > 0}
        if believed != held:
            judge.complain(0, f"session {session} believes {believed}, the book holds {held}")
        if end["unanswered"] != 0:
            judge.complain(0, f"session {session} has {end['unanswered']} requests without an answer")


def judge_history(path):
    """A judge that has heard the whole history."""
    judge = Judge()
    heard, sent, ends = read(path)
    for event, session in judge_streams(judge, heard):
        judge.event(event, session)
    judge.settle(None)
    judge_names(judge, heard, sent)
    judge_ends(judge, ends)
    return judge


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    judge = judge_history(sys.argv[1])
    for line in judge.wrong[:20]:
        print(line)
    told = ", ".join(f"{count} {what}" for what, count in sorted(judge.counts.items()))
    print(f"{told}: {len(judge.wrong)} wrong")
    sys.exit(1 if judge.wrong else 0)


if __name__ == "__main__":
    main()
