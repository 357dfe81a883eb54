# SPDX-License-Identifier: Apache-2.0
"""A naive fold of a shard's two logs (as `dojima log dump --json` prints them) into what `dojima why --json`
must say: written from docs/reference/engine-rules.md and docs/reference/why.md, with lists and dictionaries
only. Orders follow the logged events; sessions, rates and remembered names follow the commands."""
import json

MAX_VALID_US = 60_000_000
TIMER_REASONS = {"EXPIRED", "DISCONNECTED", "DEAD_MAN", "MASS_CANCEL"}
ORDER_COMMANDS = {"new_order", "cancel", "reduce", "replace", "resolve"}
RATES = {"new_order": "orders", "replace": "orders", "cancel": "cancels", "reduce": "cancels",
         "mass_cancel": "cancels", "resolve": "cancels"}
LATER_FIELDS = {"minimum_quantity"}
HEADER = {"sequence", "time_ns", "command", "session", "incarnation", "input_sequence", "source",
          "source_sequence", "source_index", "valid_for_us"}
NAMES = ("client_order_id", "new_client_order_id")
NUMBERS_OF_OTHERS = {
    "maker": ("maker_order_id", "maker_reference", "maker_account", "maker_session", "maker_remaining"),
    "taker": ("taker_order_id", "taker_account", "taker_session", "taker_remaining"),
}


def opposite(side):
    return "SELL" if side == "BUY" else "BUY"


class Failed(Exception):
    """A check that is not passed, or one behind which nothing more is looked at."""


class Order:
    """What is known of an order, and its story."""

    def __init__(self, order_id, event):
        self.id, self.first = order_id, event
        self.account, self.participant = event["account"], event["participant"]
        self.name, self.instrument, self.side = event["client_order_id"], event["instrument"], event["side"]
        self.price, self.total, self.open = event["price"], event["quantity"], event["quantity"]
        self.post_only = event["post_only"]
        self.rests, self.ended = False, False
        self.keeps_name, self.filled, self.steps = True, 0, []


class Fold:
    def __init__(self, rejects):
        self.rejects = rejects  # name: number
        self.limits, self.now, self.logic = None, 0, 0
        self.instruments, self.accounts, self.sessions = {}, {}, {}
        self.orders, self.books, self.live, self.names = {}, {}, {}, {}
        self.participants_blocked = set()
        self.commands = {}  # the stories of commands, by sequence
        self.followed = {}  # (account, name): orders that had it last

    # the state

    def book(self, instrument, side):
        return self.books.setdefault((instrument, side), {})

    def prices(self, instrument, side):
        return sorted(self.book(instrument, side), reverse=side == "BUY")

    def best(self, instrument, side):
        prices = self.prices(instrument, side)
        return prices[0] if prices else None

    def levels(self):
        return sum(len(book) for book in self.books.values())

    def place(self, order):
        if not order.rests:
            return None
        queue = self.book(order.instrument, order.side)[order.price]
        at = queue.index(order)
        better = []
        for price in self.prices(order.instrument, order.side):
            if price == order.price:
                break
            better.append(self.book(order.instrument, order.side)[price])
        return {"open": order.open, "orders_ahead": at, "ahead": sum(o.open for o in queue[:at]),
                "orders_behind": len(queue) - at - 1, "behind": sum(o.open for o in queue[at + 1:]),
                "levels_better": len(better), "orders_better": sum(len(q) for q in better),
                "better": sum(o.open for q in better for o in q)}

    def leave(self, order):
        queue = self.book(order.instrument, order.side)[order.price]
        queue.remove(order)
        if not queue:
            del self.book(order.instrument, order.side)[order.price]
        order.rests = False

    def end(self, order):
        order.ended = True
        if self.live.get((order.account, order.name)) is order:
            del self.live[(order.account, order.name)]
        remembered = self.names.get((order.account, order.name))
        if remembered and remembered["ended"] is None:
            remembered["ended"] = self.now

    def remembered(self, key):
        entry = self.names.get(key)
        window = self.limits["resend_window_s"] * 10**9
        if entry and entry["ended"] is not None and self.now - entry["ended"] >= window:
            return None
        return entry

    def names_full(self):
        return sum(1 for key in self.names if self.remembered(key)) >= self.limits["max_recent_names"]

    # events

    def order_of(self, event):
        kind = event["event"]
        if kind == "accepted":
            return event["sequence"] << 16 | self.limits["shard"]
        if kind in ("trade", "prevented"):
            return int(event["taker_order_id"])
        return int(event["order_id"]) if "order_id" in event else None

    def apply(self, event):
        kind = event["event"]
        if kind == "accepted":
            order = Order(self.order_of(event), event)
            self.orders[order.id] = order
            self.live[(order.account, order.name)] = order
        elif kind == "trade":
            maker, taker = self.orders[int(event["maker_order_id"])], self.orders[int(event["taker_order_id"])]
            for order in (maker, taker):
                order.open -= event["quantity"]
                order.filled += event["quantity"]
            if maker.open == 0:
                self.leave(maker)
                self.end(maker)
        elif kind == "prevented":  # what the maker lost follows
            taker = self.orders[int(event["taker_order_id"])]
            taker.open -= event["taker_cancelled"]
            taker.total -= event["taker_cancelled"]
        elif kind in ("rested", "reduced", "removed", "replaced", "cancelled"):
            getattr(self, "on_" + kind)(self.orders[int(event["order_id"])], event)
        elif kind == "asset_listed":
            pass
        elif kind == "instrument_listed":
            self.instruments[event["instrument"]] = dict(event, phase="OPEN")
        elif kind == "phase":
            for number, instrument in self.instruments.items():
                if event["instrument"] in (0, number):
                    instrument["phase"] = event["phase"]
        elif kind == "block_set":
            self.on_block_set(event)

    def on_block_set(self, event):
        number, on = int(event["number"]), event["blocked"] == 1
        if event["target"] == "SESSION":
            self.sessions[number]["blocked"] = on
        elif event["target"] == "ACCOUNT":
            self.accounts[event["number"]]["blocked"] = on
        elif on:
            self.participants_blocked.add(number)
        else:
            self.participants_blocked.discard(number)

    def on_rested(self, order, event):
        order.price, order.rests = event["price"], True
        self.book(order.instrument, order.side).setdefault(order.price, []).append(order)

    def on_reduced(self, order, event):
        if event["reason"] != "REPLACED":
            order.total -= event["quantity"]
        order.open = event["remaining"]

    def on_removed(self, order, event):
        self.leave(order)
        if event["reason"] != "REPLACED":
            self.end(order)

    def on_cancelled(self, order, _):
        self.end(order)

    def on_replaced(self, order, event):
        if order.name != event["client_order_id"]:
            del self.live[(order.account, order.name)]
            old = self.names.get((order.account, order.name))
            if old:
                old["ended"] = self.now
            order.name = event["client_order_id"]
            self.live[(order.account, order.name)] = order
        order.total, order.open = event["quantity"], event["remaining"]

    # checks

    def check(self, name, failed=None, limit=0, value=0, **numbers):
        self.told.append({"check": name, "passed": failed is None, "numbers": numbers})
        if failed is not None:
            self.refusal = (failed, limit, value)
            raise Failed

    def turn(self, failed, limit=0, value=0):
        self.told[-1]["passed"] = False
        self.refusal = (failed, limit, value)
        raise Failed

    def checks(self, command):
        """The list, and the refusal that it leads to; None: none, or not all rules are known here."""
        self.told, self.refusal, self.name_is_new, self.known = [], None, False, False
        kind = command["command"]
        if command["sequence"] == 1:
            return
        try:
            if kind not in ("logon", "genesis"):
                self.check_session(command, kind)
            if kind != "genesis":
                self.check_validity(command)
            self.check_fields(command, kind)
            if kind in ORDER_COMMANDS:
                self.known = True
                getattr(self, "check_" + kind)(command)
        except Failed:
            self.known = True

    def check_session(self, command, kind):
        number = command["session"]
        if number == 0:
            self.check("operator")
            return
        session = self.sessions.get(number)
        self.check("session", None if session else "UNKNOWN_SESSION", 0, number, session=number)
        given, present = command["incarnation"], session["incarnation"]
        stale = given != present or session["closed"]
        self.check("incarnation", "STALE_INCARNATION" if stale else None, present, given, given=given,
                   present=present, closed=int(session["closed"]))
        if kind == "session_admin":
            return
        given, last = command["input_sequence"], session["last"]
        self.check("input_sequence", None if given > last else "INPUT_SEQUENCE_NOT_ABOVE_LAST", last, given,
                   given=given, last=last)
        session["last"] = given
        if kind in RATES:
            self.check_rate(session[RATES[kind]])

    def check_rate(self, rate):
        if rate["interval"] == 0:
            self.check("no_rate")
            return
        empty = self.now + rate["burst"] * rate["interval"]
        start = max(rate["full"], self.now)
        tokens = (empty - start) // rate["interval"]
        numbers = {"tokens": tokens, "burst": rate["burst"], "interval_ns": rate["interval"]}
        if start + rate["interval"] > empty:
            wait = -(-(start + rate["interval"] - empty) // 1000)
            self.check("rate", "RATE_LIMITED", wait, 0, **numbers, wait_us=wait)
        rate["full"] = start + rate["interval"]
        self.check("rate", **numbers, left=tokens - 1)

    def check_validity(self, command):
        given = command["valid_for_us"]
        if given == 0:
            self.check("no_validity")
            return
        until = command["time_ns"] + given * 1000
        numbers = {"valid_for_us": given, "valid_until": until, "engine_time": self.now}
        if given > MAX_VALID_US:
            self.check("validity", "VALID_FOR_TOO_LONG", MAX_VALID_US, given, **numbers)
        self.check("validity", "COMMAND_EXPIRED" if self.now > until else None, until, self.now, **numbers)

    def check_fields(self, command, kind):
        bad = None
        # Fields of later versions have the later numbers.
        fields = sorted(((k, v) for k, v in command.items() if k not in HEADER), key=lambda item: item[0] in LATER_FIELDS)
        for number, (name, value) in enumerate(fields, 1):
            text = name in NAMES + ("symbol", "code") and not (value and all("!" <= c <= "~" for c in value))
            flag = name in ("cancel_on_disconnect", "blocked", "negative_prices", "itch", "unlimited") and value > 1
            if bad is None and (value == "?" or text or flag):
                bad = number
        if kind == "reduce" and bad is None and command["reason"] not in ("REQUESTED", "REPLAY_RECONCILE",
                                                                          "OFF_BOOK_EXECUTION"):
            bad = 3
        if bad is None:
            self.check("fields")
        else:
            self.check("fields", "INVALID_FIELD", 0, bad, field=bad)

    def check_account(self, command):
        number = command["account"]
        account = self.accounts.get(number)
        signed = int(number) - (1 << 64 if int(number) >= 1 << 63 else 0)
        self.check("account", None if account else "UNKNOWN_ACCOUNT", 0, signed, account=number)
        session = self.sessions.get(command["session"])
        if session:
            mine, its = account["participant"], session["participant"]
            self.check("participant", None if mine == its else "ACCOUNT_NOT_OF_PARTICIPANT", mine, its,
                       of_account=mine, of_session=its)
        return account

    def body(self, command):
        return (command["command"], {k: v for k, v in command.items() if k not in HEADER})

    def check_recall(self, command, key):
        most = self.limits["max_recent_names"]
        if most == 0:
            return
        entry = self.remembered(key)
        if entry is None:
            full = self.names_full()
            self.check("new_name", "NAME_TABLE_FULL" if full else None, most, 0, max=most)
            self.name_is_new = True
            return
        first = entry["event"]
        self.check("known_name", "NAME_FENCED" if first == 0 else None, first_event=first)
        if entry["body"] != self.body(command):
            self.turn("DUPLICATE_ORDER_ID", first)
        raise Failed  # it came again: nothing more is looked at

    def check_blocks(self, command, account):
        session = self.sessions.get(command["session"])
        flags = [bool(session and session["blocked"]), account["participant"] in self.participants_blocked,
                 account["blocked"]]
        which = 3 if flags[0] else 1 if flags[1] else 2 if flags[2] else None
        self.check("blocks", "BLOCKED" if which else None, 0, which or 0, session_blocked=int(flags[0]),
                   participant_blocked=int(flags[1]), account_blocked=int(flags[2]))

    def check_phase(self, number):
        terms = self.instruments.get(number)
        self.check("instrument", None if terms else "UNKNOWN_INSTRUMENT", 0, number, instrument=number)
        codes = {"OPEN": None, "HALTED": "INSTRUMENT_HALTED", "CLOSED": "INSTRUMENT_CLOSED"}
        self.check("phase", codes[terms["phase"]], 0, number, phase=terms["phase"])
        return terms

    def check_quantity(self, terms, lots):
        numbers = {"quantity": lots, "lot": terms["lot"], "largest": terms["largest_quantity"]}
        if lots < 1:
            self.check("quantity", "QUANTITY_NOT_POSITIVE", 0, lots, **numbers)
        if lots % terms["lot"]:
            self.check("quantity", "QUANTITY_NOT_ON_LOT", terms["lot"], lots, **numbers)
        too_large = lots > terms["largest_quantity"]
        self.check("quantity", "QUANTITY_TOO_LARGE" if too_large else None, terms["largest_quantity"], lots, **numbers)

    def check_minimum(self, terms, lots, least):
        if least == 0:
            return
        if least < 1 or least > lots:
            self.check("minimum", "MINIMUM_OUT_OF_RANGE", lots, least, minimum=least, quantity=lots)
        off = least % terms["lot"] != 0
        self.check("minimum", "QUANTITY_NOT_ON_LOT" if off else None, terms["lot"], least, minimum=least, quantity=lots)

    def check_price(self, terms, price, lots):
        low, high, tick = terms["lowest_price"], terms["highest_price"], terms["tick"]
        numbers = {"price": price, "tick": tick, "lowest": low, "highest": high}
        if price is None or price < low:
            self.check("price", "PRICE_OUT_OF_RANGE", low, -2**63 if price is None else price, **numbers)
        if price > high:
            self.check("price", "PRICE_OUT_OF_RANGE", high, price, **numbers)
        self.check("price", "PRICE_NOT_ON_TICK" if price % tick else None, tick, price, **numbers)
        notional = abs(price) * lots * terms["multiplier"]
        if notional >= 2**63:
            self.check("notional", "NOTIONAL_OVERFLOW", 0, lots, multiplier=terms["multiplier"])
        self.check("notional", multiplier=terms["multiplier"], notional=notional)
        return notional

    def check_free_name(self, key):
        live = self.live.get(key)
        if live:
            self.check("free_name", "DUPLICATE_ORDER_ID", 0, live.id, order_id=str(live.id))
        self.check("free_name")

    def check_balance(self, account, notional):
        if account["unlimited"] == 0:
            self.check("balance", "BALANCE_TOO_SMALL", 0, notional, balance=0, notional=notional)
        self.check("balance")

    def check_post_only(self, terms, instrument, side, mode, price):
        if mode == "OFF":
            return price
        best = self.best(instrument, opposite(side))
        crosses = best is not None and (price >= best if side == "BUY" else price <= best)
        if not crosses:
            self.check("post_only", best_opposite=best, price=price)
            return price
        slid = best + (-terms["tick"] if side == "BUY" else terms["tick"])
        if mode == "REJECT" or not terms["lowest_price"] <= slid <= terms["highest_price"]:
            self.check("post_only", "POST_ONLY_WOULD_TRADE", best, price, best_opposite=best, price=price)
        self.check("post_only", best_opposite=best, price=slid)
        return slid

    def check_levels(self, instrument, side, price):
        most = self.limits["max_levels"]
        none_left = self.levels() == most and price not in self.book(instrument, side)
        self.check("room_for_levels", "LEVEL_POOL_FULL" if none_left else None, most, 0, levels=self.levels(),
                   max=most)

    def check_new_order(self, command):
        key = (command["account"], command["client_order_id"])
        account = self.check_account(command)
        self.check_recall(command, key)
        self.check_blocks(command, account)
        terms = self.check_phase(command["instrument"])
        limit = command["order_type"] == "LIMIT"
        immediate = command["time_in_force"] in ("IOC", "FOK")
        gtd = command["time_in_force"] == "GTD"
        priced = limit or command["price"] is not None
        wrong = ((not limit and not immediate) or (not limit and priced and self.logic < 2) or
                 (command["post_only"] != "OFF" and (immediate or not limit)) or
                 gtd != (command["expire_time"] != 0) or
                 (command["minimum_quantity"] != 0 and (self.logic < 2 or command["time_in_force"] != "IOC")))
        self.check("combination", "INCOMPATIBLE_FIELDS" if wrong else None)
        if gtd:
            expires = command["expire_time"]
            self.check("expiry", None if expires > self.now else "EXPIRY_NOT_IN_FUTURE", self.now, expires,
                       expire_time=expires, engine_time=self.now)
        self.check_quantity(terms, command["quantity"])
        self.check_minimum(terms, command["quantity"], command["minimum_quantity"])
        notional = self.check_price(terms, command["price"], command["quantity"]) if priced else 0
        self.check_free_name(key)
        live, most = sum(o.rests for o in self.live.values()), self.limits["max_orders"]
        self.check("room_for_orders", "ORDER_POOL_FULL" if live == most else None, most, 0, live=live, max=most)
        self.check_balance(account, notional)
        price = self.check_post_only(terms, command["instrument"], command["side"], command["post_only"],
                                     command["price"])
        if not immediate:
            self.check_levels(command["instrument"], command["side"], price)

    def check_live_order(self, command):
        order = self.live.get((command["account"], command["client_order_id"]))
        if order is None:
            self.check("live_order", "UNKNOWN_ORDER")
        self.check("live_order", order_id=str(order.id), open=order.open)
        return order

    def check_cancel(self, command):
        self.check_account(command)
        self.check_live_order(command)

    def check_reduce(self, command):
        self.check_account(command)
        order = self.check_live_order(command)
        lots, lot = command["quantity"], self.instruments[order.instrument]["lot"]
        numbers = {"quantity": lots, "lot": lot, "open": order.open}
        if lots < 1:
            self.check("reduction", "QUANTITY_NOT_POSITIVE", 0, lots, **numbers)
        if lots % lot:
            self.check("reduction", "QUANTITY_NOT_ON_LOT", lot, lots, **numbers)
        self.check("reduction", "QUANTITY_ABOVE_OPEN" if lots > order.open else None, order.open, lots, **numbers)

    def check_replace(self, command):
        account = self.check_account(command)
        renamed = command["client_order_id"] != command["new_client_order_id"]
        new_key = (command["account"], command["new_client_order_id"])
        if renamed:
            self.check_recall(command, new_key)
        order = self.check_live_order(command)
        self.check_blocks(command, account)
        terms = self.check_phase(order.instrument)
        if renamed:
            self.check_free_name(new_key)
        self.check_quantity(terms, command["quantity"])
        notional = self.check_price(terms, command["price"], command["quantity"])
        executed = order.total - order.open
        self.check("executed", None if command["quantity"] > executed else "QUANTITY_NOT_ABOVE_EXECUTED", executed,
                   command["quantity"], quantity=command["quantity"], executed=executed)
        self.check_balance(account, notional)
        price = self.check_post_only(terms, order.instrument, order.side, order.post_only, command["price"])
        still_open = command["quantity"] - executed
        kept = price == order.price and still_open <= order.open
        self.check("place", price=price, price_before=order.price, open=still_open, open_before=order.open,
                   place="KEPT" if kept else "LOST")
        if not kept:
            self.check_levels(order.instrument, order.side, price)

    def check_resolve(self, command):
        self.check_account(command)
        most = self.limits["max_recent_names"]
        entry = self.remembered((command["account"], command["client_order_id"])) if most else None
        if entry:
            self.check("resolved_name", first_event=entry["event"])
            return
        code = "RESEND_OFF" if most == 0 else "NAME_TABLE_FULL" if self.names_full() else None
        self.check("new_name", code, most if most else 0, 0, max=most)

    # commands

    def note_command(self, command, events):
        """What commands do besides their events: sessions, accounts, names."""
        kind = command["command"]
        done = {event["event"]: event for event in events}
        if "session_opened" in done:
            before = self.sessions.get(command["session"], {})
            session = {"incarnation": command["incarnation"], "participant": command["participant"],
                       "closed": False, "blocked": before.get("blocked", False), "last": command["input_sequence"]}
            for name in ("orders", "cancels"):
                per_s, burst = command[name + "_per_s"], command[name + "_burst"]
                interval = -(-10**9 // per_s) if per_s else 0
                full = before.get(name, {"full": 0})["full"]
                burst = burst if per_s else 0
                session[name] = {"interval": interval, "burst": burst,
                                 "full": min(full, self.now + burst * interval)}
            self.sessions[command["session"]] = session
        elif "session_closed" in done:
            self.sessions[command["session"]]["closed"] = True
        elif "logic_changed" in done:
            self.logic = command["logic_version"]
        elif "account_opened" in done:
            self.accounts[command["account"]] = {"participant": command["participant"], "blocked": False,
                                                 "unlimited": command["unlimited"]}
        elif kind == "resolve" and "resolved" in done:
            key = (command["account"], command["client_order_id"])
            if self.remembered(key) is None:
                self.names[key] = {"event": 0, "body": None, "ended": self.now}

    def remember(self, command, events):
        """The first result of a name that is new."""
        field = "client_order_id" if command["command"] == "new_order" else "new_client_order_id"
        key = (command["account"], command[field])
        for event in events:
            if event["event"] in ("accepted", "replaced", "rejected"):
                self.names[key] = {"event": event["sequence"], "body": self.body(command),
                                   "ended": self.now if event["event"] == "rejected" else None}

    def sender(self, command):
        session = self.sessions.get(command["session"])
        if session:
            return session["participant"]
        account = self.accounts.get(command.get("account")) if command["command"] in ORDER_COMMANDS else None
        return account["participant"] if account else 0

    def names_order(self, command, order):
        given = [command.get(name) for name in NAMES]
        return (order.keeps_name and command["command"] in ORDER_COMMANDS and command["account"] == order.account
                and order.name in given)

    def answers(self, command, order, event):
        kind, code = event["event"], event.get("code")
        if command["command"] == "new_order":
            return kind == "replayed" or (kind == "rejected" and code == "DUPLICATE_ORDER_ID")
        if command["command"] == "replace":
            return kind == "replayed" or (kind == "rejected" and command["client_order_id"] == order.name)
        return kind in ("rejected", "resolved")

    def concerns(self, event, order):
        return str(order.id) in (event.get("order_id"), event.get("maker_order_id"), event.get("taker_order_id")) \
            or (event["event"] == "accepted" and self.order_of(event) == order.id)

    def step(self, command, events):
        if command["command"] == "genesis" and self.limits is None:
            self.limits = command
            self.logic = command["logic_version"]
        self.now = max(self.now, command["time_ns"])
        touched = {}
        candidates = self.followed.get((command.get("account"), command.get("client_order_id")), []) + \
            self.followed.get((command.get("account"), command.get("new_client_order_id")), [])
        for order in candidates:
            if self.names_order(command, order) and \
                    any(self.answers(command, order, e) for e in events if self.order_of(e) is None):
                touched[order.id] = order
        for event in events:
            for number in (self.order_of(event), event.get("maker_order_id")):
                if number is not None and int(number) in self.orders:
                    touched[int(number)] = self.orders[int(number)]
        named = {i: self.names_order(command, order) for i, order in touched.items()}
        before = {i: self.place(order) for i, order in touched.items()}
        split = 0
        while split < len(events) and (events[split]["event"] == "mass_cancelled" or
                                       events[split].get("reason") in TIMER_REASONS and
                                       events[split]["event"] == "removed"):
            split += 1
        if command["command"] not in ORDER_COMMANDS:
            split = 0
        for event in events[:split]:
            self.apply(event)
        self.checks(command)
        concluded = self.conclude(command, events)
        for event in events[split:]:
            if self.name_is_new and event["event"] in ("accepted", "replaced", "rejected"):
                self.apply(event)
                self.remember(command, [event])
            else:
                self.apply(event)
        self.note_command(command, events)
        for event in events:
            number = self.order_of(event)
            order = self.orders.get(number)
            if order and not order.rests and not order.ended:
                self.end(order)  # filled as it came
            if event["event"] == "accepted":
                touched[number], named[number], before[number] = order, True, None
            if event["event"] in ("accepted", "replaced"):
                self.follow_name(order)
        self.tell(command, events, touched, named, before, concluded)

    def follow_name(self, order):
        key = (order.account, order.name)
        for other in self.followed.get(key, []):
            if other is not order:
                other.keeps_name = other.keeps_name and other.name != order.name
        self.followed.setdefault(key, []).append(order)

    def conclude(self, command, events):
        told = list(self.told)
        rejected = [e for e in events if e["event"] == "rejected"]
        refusal = self.refusal
        if not self.known:
            numbers = {}
            if rejected:
                refusal = (rejected[0]["code"], rejected[0]["limit"], rejected[0]["value"])
                numbers = {"limit": rejected[0]["limit"], "value": rejected[0]["value"]}
            told.append({"check": "rules", "passed": not rejected, "numbers": numbers})
        elif rejected:
            seen = (rejected[0]["code"], rejected[0]["limit"], rejected[0]["value"])
            assert refusal == seen, f"command {command['sequence']}: fold {refusal}, log {seen}"
        else:
            assert refusal is None, f"command {command['sequence']}: fold {refusal}, log accepts"
        return told, refusal

    # stories

    def hide(self, event, participant):
        if event["event"] != "trade":
            return event
        shown = dict(event)
        for who, fields in NUMBERS_OF_OTHERS.items():
            if self.accounts[event[who + "_account"]]["participant"] != participant:
                for field in fields:
                    shown[field] = "0" if isinstance(shown[field], str) else 0
        return shown

    def fills(self, order, events, operator):
        fills = []
        for event in events:
            if event["event"] == "trade":
                takes = event["taker_order_id"] == str(order.id)
                me, other = ("taker", "maker") if takes else ("maker", "taker")
                hidden = not operator and self.accounts[event[other + "_account"]]["participant"] != order.participant
                fills.append({"match": event["sequence"], "role": me.upper(), "price": event["price"],
                              "quantity": event["quantity"], "open": event[me + "_remaining"],
                              "counterparty": None if hidden else {"order_id": event[other + "_order_id"],
                                                                   "account": event[other + "_account"]}})
        return fills

    def ahead(self, order, events, operator, most=10):
        rested = any(e["event"] == "rested" for e in events)
        if not (rested and order.rests):
            return [], 0
        queue = self.book(order.instrument, order.side)[order.price]
        ahead = queue[:queue.index(order)]
        shown = [o for o in ahead if operator or o.participant == order.participant][:most]
        return [{"order_id": str(o.id), "account": o.account, "client_order_id": o.name, "open": o.open}
                for o in shown], len(ahead) - len(shown)

    def command_step(self, command, foreign, operator, named, concluded):
        hidden = foreign and not operator
        kept = not hidden or (command["session"] == 0 and command["command"] not in ORDER_COMMANDS)
        told, refusal = concluded if named else ([], None)
        return {"sequence": command["sequence"], "time_ns": command["time_ns"], "engine_time_ns": self.now,
                "command": command["command"] if kept else None, "session": 0 if hidden else command["session"],
                "foreign": foreign, "names_it": named, "checks": told,
                "refusal": None if refusal is None else {"code": refusal[0], "number": self.rejects[refusal[0]],
                                                         "limit": refusal[1], "value": refusal[2]}}

    def tell(self, command, events, touched, named, before, concluded):
        sender = self.sender(command)
        for number, order in touched.items():
            foreign = sender != order.participant
            views = {}
            for operator in (False, True):
                is_named = named[number] and (operator or not foreign)
                mine = [e for e in events if self.concerns(e, order) or
                        (is_named and self.order_of(e) is None and self.answers(command, order, e))]
                if not mine:
                    continue
                ahead, hidden = self.ahead(order, mine, operator)
                views[operator] = dict(
                    self.command_step(command, foreign, operator, is_named, concluded),
                    before=before[number], after=self.place(order), ahead=ahead, ahead_hidden=hidden,
                    fills=self.fills(order, mine, operator),
                    events=[e if operator else self.hide(e, order.participant) for e in mine], events_hidden=0)
            order.steps.append(views)
        self.commands[command["sequence"]] = {
            operator: dict(
                self.command_step(command, False, operator, True, concluded), before=None, after=None, ahead=[],
                ahead_hidden=0, fills=[],
                events=[e for e in events if self.is_told(e, sender, operator)],
                events_hidden=sum(not self.is_told(e, sender, operator) for e in events))
            for operator in (False, True)}

    def is_told(self, event, sender, operator):
        of_other = event["event"] == "mass_cancelled" and event["participant"] != sender
        return operator or (self.order_of(event) is None and not of_other)

    def order_document(self, order, operator, last):
        first, terms = order.first, self.instruments[order.instrument]
        return {"order": {
            "order_id": str(order.id), "account": order.account, "participant": order.participant,
            "client_order_id": first["client_order_id"], "last_client_order_id": order.name,
            "session": first["session"], "instrument": order.instrument, "symbol": terms["symbol"],
            "price_scale": terms["price_scale"], "quantity_scale": terms["quantity_scale"], "side": order.side,
            "order_type": first["order_type"], "time_in_force": first["time_in_force"], "price": first["price"],
            "quantity": first["quantity"], "filled": order.filled, "open": order.open if order.rests else 0,
            "live": order.rests}, "asked": 0, "view": "operator" if operator else "own", "last_sequence": last,
            "fees": None, "steps": [views[operator] for views in order.steps if operator in views]}

    def command_document(self, sequence, operator, last):
        return {"order": None, "asked": sequence, "view": "operator" if operator else "own",
                "last_sequence": last, "fees": None, "steps": [self.commands[sequence][operator]]}


def first_wins(pairs):
    """A body may repeat a name of the header: the header's is the first."""
    record = {}
    for key, value in pairs:
        record[key if key not in record else "body_" + key] = value
    return record


def run(lines, rejects):
    """Folds the lines of `log dump --json`; (fold, commands with their events)."""
    fold, all_commands, command, events = Fold(rejects), [], None, []
    for line in lines:
        record = json.loads(line, object_pairs_hook=first_wins)
        if "input_sequence" in record:
            if command:
                fold.step(command, events)
                all_commands.append((command, events))
            command, events = record, []
        else:
            events.append(record)
    fold.step(command, events)
    all_commands.append((command, events))
    return fold, all_commands
