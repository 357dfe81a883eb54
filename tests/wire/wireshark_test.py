#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wireshark_test.py EVERY_MESSAGE

Goal: tshark finds nothing malformed in our SoupBinTCP and MoldUDP64, and decodes every field of every OUCH, ITCH
and native message with our Lua to what our own decoders say. Method: a capture with every message, cut into TCP
segments wherever it falls, compared field by field; a spoilt one must be complained about, four times."""
import os
import subprocess
import sys

import tshark

GOLDEN = os.path.join(tshark.ROOT, "tests/golden/messages.txt")
DECODE_AS = ["-d", "tcp.port==8003-8005,soupbintcp", "-d", "tcp.port==8103-8104,soupbintcp",
             "-d", "udp.port==26477,moldudp64", "-d", "moldudp64.payload,dojima_itch"]

SPOILT = ["dojima.ouch.unknown", "dojima.ouch.unknown", "dojima.native.malformed", "dojima.native.unknown"]


def every_message(program, folder, *more):
    capture = os.path.join(folder, "every.pcap")
    lines = subprocess.run([program, capture, GOLDEN, *more], capture_output=True, text=True, check=True)
    return lines.stdout.splitlines(), tshark.pdml(capture, DECODE_AS)


def main():
    tshark.need_tshark()
    program = sys.argv[1]
    with tshark.workspace() as folder:
        lines, packets = every_message(program, folder)
        complaints = tshark.complaints(packets)
        if complaints:
            tshark.fail(f"{len(complaints)} complaints, the first: {complaints[0]}")
        seen = list(tshark.messages(packets))
        if len(seen) != len(lines):
            tshark.fail(f"{len(seen)} messages instead of {len(lines)}")
        fields = 0
        for line, (protocol, element) in zip(lines, seen):
            expected, text = line.split(" ", 1)
            if expected != protocol:
                tshark.fail(f"{protocol} instead of: {line}")
            fields += (tshark.same_native if protocol == "native" else tshark.same_flat)(text, element)
        soup = [field.get("showname") for packet in packets for field in packet.iter("field")
                if field.get("name") == "soupbintcp.packet_type"]
        if len(set(soup)) != 10:
            tshark.fail(f"SoupBinTCP types seen: {sorted(set(soup))}")
        _, spoilt = every_message(program, folder, "--spoil")
        complaints = tshark.complaints(spoilt)
        named = [complaint.split(":")[0] for complaint in complaints if complaint.startswith("dojima.")]
        if named != SPOILT:
            tshark.fail(f"complaints about a spoilt capture: {complaints}")
    print(f"{len(lines)} messages, {fields} fields, {len(soup)} SoupBinTCP packets: the same for tshark")


main()
