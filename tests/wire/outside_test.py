#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""outside_test.py EVERY_MESSAGE

Goal: dissectors that others wrote read our OUCH and ITCH as we mean them. Method: the capture with every message, appendages empty and a
segment for each (those scripts stop at tags they do not know and at the next message behind an appendage), goes
through the OUCH 5.0 and the 2017 TotalView-ITCH 5.0 scripts of Open-Markets-Initiative/wireshark-lua, found in
DOJIMA_OMI_LUA; for each field that both name, the values of all messages, in order, must be the same. What those
scripts call unknown must be on the list of what they are known to lack."""
import os
import re
import subprocess
import sys

import tshark

GOLDEN = os.path.join(tshark.ROOT, "tests/golden/messages.txt")
SCRIPTS = {"ouch": "Nasdaq_NsmEquities_Orders_Ouch_v5_0_Dissector.lua",
           "itch": "Nasdaq_NsmEquities_TotalView_Itch_v5_0_2017_Dissector.lua"}
# Messages of revision 1.05 that the OUCH script does not have, and of 2017 ITCH that came later.
LACKING = {"mass_cancel", "disable_order_entry", "enable_order_entry", "mass_cancel_response", "disable_response",
           "enable_response", "account_query", "operational_halt", "direct_listing"}
# Their name of each field of ours.
WORDS = {
    "ouch": {"time_ns": "timestamp", "user_ref_num": "userrefnum", "orig_user_ref_num": "origuserrefnum",
             "quantity": "quantity", "symbol": "symbol", "client_order_id": "clordid",
             "order_reference": "orderreferencenumber", "match_number": "matchnumber",
             "decrement_shares": "decrementshares", "quantity_prevented": "quantitypreventedfromtrading",
             "execution_price": "executionprice", "next_user_ref_num": "nextuserrefnum", "side": "side",
             "time_in_force": "timeinforce", "display": "display", "capacity": "capacity",
             "sweep": "intermarketsweepeligibility", "cross_type": "crosstype", "order_state": "orderstate",
             "event_code": "eventcode", "liquidity": "liquidityflag", "price": "price"},
    "itch": {"tracking": "trackingnumber", "stock": "stock",
             "time_ns": "timestamp", "match": "matchnumber", "new_order": "neworderreferencenumber",
             "round_lot_size": "roundlotsize", "etp_leverage": "etpleveragefactor", "paired_shares": "pairedshares",
             "imbalance_shares": "imbalanceshares", "far_price": "farprice", "near_price": "nearprice",
             "level1": "level1", "level2": "level2", "level3": "level3", "ipo_price": "ipoprice",
             "upper_price": "upperauctioncollarprice", "lower_price": "lowerauctioncollarprice",
             "extension": "auctioncollarextension", "printable": "printable", "side": "buysellindicator",
             "reserved": "reserved", "authenticity": "authenticity"},
}
# A value that a script does not know: of revision 1.05, or a letter our capture makes up for ITCH.
KNOWN_GAPS = re.compile(r"^((Uns|S)equenced Message Type: Unknown\([CDEGKX]\)"
                        r"|Liquidity Flag: Unknown\([C]\)"
                        r"|Cancel Order Reason: Unknown\(e\)|Rejected Order Reason: Unknown\((3[2-9]|4\d|50|64)\))$")


def ours(lines, protocol):
    """{field: [values]} over the messages that the script has."""
    values = {}
    for line in lines:
        name, text = line.split(" ", 1)
        rows = tshark.expected_rows(text) if name == protocol else []
        if not rows or rows[0][1] in LACKING:
            continue
        for field, value in rows:
            if field in WORDS[protocol]:
                values.setdefault(field, []).append(value.strip())
    return values


def theirs(packets):
    """({last part of the name: [shown values]}, [complaints]) of a script's fields."""
    values = {}
    strange = []
    for packet in packets:
        for field in packet.iter("field"):
            name = field.get("name") or ""
            if not name.startswith("nasdaq.nsmequities."):
                continue
            values.setdefault(name.split(".")[-1], []).append((field.get("show") or "").strip())
            shown = (field.get("showname") or "").strip()
            if "Unknown(" in shown:
                strange.append(shown)
        strange += [element.get("name") for element in packet.iter() if element.get("name") == "_ws.malformed"]
    return values, strange


def equal(one, other):
    if one == other:
        return True
    numeric = re.fullmatch(r"[\d.]+", one) and re.fullmatch(r"[\d.eE+]+", other)
    # They show prices as doubles, which our made-up ones do not fit.
    return bool(numeric) and abs(float(one) - float(other)) <= float(one) * 1e-9


def main():
    folder = os.environ.get("DOJIMA_OMI_LUA")
    if not folder:
        tshark.skip("wire.outside needs DOJIMA_OMI_LUA: a folder with the two scripts")
    tshark.need_tshark()
    with tshark.workspace() as work:
        capture = os.path.join(work, "every.pcap")
        lines = subprocess.run([sys.argv[1], capture, GOLDEN, "--plain"], capture_output=True, text=True, check=True)
        lines = lines.stdout.splitlines()
        wanted = {"ouch": "tcp.port==8003", "itch": "udp.port==26477"}
        compared = 0
        for protocol, script in SCRIPTS.items():
            packets = tshark.pdml(capture, ["-Y", wanted[protocol]], os.path.join(folder, script))
            values, strange = theirs(packets)
            gaps = [text for text in strange if protocol == "ouch" and not KNOWN_GAPS.match(text)]
            if gaps:
                tshark.fail(f"{protocol}: {gaps[:5]}")
            for field, mine in ours(lines, protocol).items():
                other = values.get(WORDS[protocol][field], [])
                if len(mine) != len(other):
                    tshark.fail(f"{protocol} {field}: {len(other)} values instead of {len(mine)}")
                wrong = [pair for pair in zip(mine, other) if not equal(*pair)]
                if wrong:
                    tshark.fail(f"{protocol} {field}: {wrong[:3]}")
                compared += len(mine)
    print(f"{compared} fields the same for the scripts of Open-Markets-Initiative")


main()
