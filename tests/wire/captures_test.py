#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""captures_test.py DESCRIBE_LINES

Goal: captured packets of a real venue decode field by field to what tshark says. Method: each capture of
DOJIMA_DATA/ouch and DOJIMA_DATA/itch goes through our C decoders and through tshark: its own dissectors of SoupBinTCP
and MoldUDP64 and our Lua for the payload. With DOJIMA_OMI_LUA set to a folder that holds the OUCH 5.0 and
TotalView-ITCH 5.0 scripts of Open-Markets-Initiative/wireshark-lua, an outside opinion, their fields are compared too."""
import glob
import os
import re
import struct
import subprocess
import sys

import tshark

DECODE_AS = ["-d", "tcp.port==8001,soupbintcp", "-d", "tcp.port==8003,soupbintcp",
             "-d", "moldudp64.payload,dojima_itch"]
OMI = {"ouch": "Nasdaq_NsmEquities_Orders_Ouch_v5_0_Dissector.lua",
       "itch": "Nasdaq_NsmEquities_TotalView_Itch_v5_0_2017_Dissector.lua"}


def payload_of(path):
    """("soup" or "mold", payload of the TCP or UDP packet, UDP port) of a capture of one Ethernet frame."""
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xd4\xc3\xb2\xa1") else ">"
    length = struct.unpack_from(order + "I", data, 32)[0]
    frame = data[40:40 + length]
    at = 12
    while struct.unpack_from(">H", frame, at)[0] == 0x8100:
        at += 4
    packet = frame[at + 2:]
    head = (packet[0] & 15) * 4
    packet = packet[:struct.unpack_from(">H", packet, 2)[0]]
    if packet[9] == 6:
        return "soup", packet[head + (packet[head + 12] >> 4) * 4:], 0
    return "mold", packet[head + 8:], struct.unpack_from(">H", packet, head + 2)[0]


def ours(program, kind, payload):
    done = subprocess.run([program], input=f"{kind} {payload.hex()}\n", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        tshark.fail(done.stderr)
    return done.stdout.splitlines()


def value_of(packets, name):
    return [field.get("show") for packet in packets for field in packet.iter("field") if field.get("name") == name]


def same_session(kind, lines, packets):
    """What tshark's own dissectors say of the packet around the messages."""
    if kind == "soup":
        types = [line.split()[1] for line in lines if line.startswith("soup ")]
        theirs = [re.sub("'", "", show) for show in value_of(packets, "soupbintcp.packet_type")]
        theirs = [chr(int(show, 0)) if show.startswith("0x") else show for show in theirs]
        if types != theirs:
            tshark.fail(f"SoupBinTCP types {types}, {theirs} for tshark")
        return len(types)
    theirs = [value_of(packets, "moldudp64." + name)[0].strip() for name in ("session", "sequence", "count")]
    if lines[0].split() != theirs:
        tshark.fail(f"MoldUDP64 header {lines[0]}, {theirs} for tshark")
    return 3


def plain(name):
    """A field's name as the outside scripts spell it: without marks, and with their words for ours."""
    words = {"userrefnum": "userrefnum", "timens": "timestamp", "clientorderid": "clordid", "locate": "stocklocate",
             "tracking": "trackingnumber", "orderreference": "orderreferencenumber", "match": "matchnumber",
             "sweep": "intermarketsweepeligibility", "order": "orderreferencenumber",
             "bboweight": "bboweightindicator"}
    name = name.replace("_", "").lower()
    return words.get(name, name)


def same_outside(folder, kind, lines, path):
    """Fields that an outside script shows under a name we can match; returns how many."""
    protocol = "ouch" if kind == "soup" else "itch"
    packets = tshark.pdml(path, [], os.path.join(folder, OMI[protocol]))
    theirs = {}
    for packet in packets:
        for field in packet.iter("field"):
            name = field.get("name") or ""
            if name.startswith("nasdaq.nsmequities."):
                theirs.setdefault(name.split(".")[-1], []).append(field)
    compared = 0
    for line in lines:
        if line.split()[0] not in ("ouch", "itch"):
            continue
        flat = dict(tshark.expected_rows(line.split(" ", 1)[1]))
        del flat["message"]
        for name, value in flat.items():
            for field in theirs.get(plain(name), []):
                show = (field.get("show") or "").strip()
                number = re.fullmatch(r"-?\d+(\.\d+)?", value)
                good = show == value.strip() or (number and re.fullmatch(r"-?[\d.]+", show) and float(show) == float(value))
                if not good:
                    tshark.fail(f"{path}: {name}={value}, {show} for the outside script")
                compared += 1
    if compared == 0 and any(line.split()[0] in ("ouch", "itch") for line in lines):
        tshark.fail(f"{path}: the outside script shows nothing that we know: {sorted(theirs)}")
    return compared


def main():
    data = os.environ.get("DOJIMA_DATA")
    if not data:
        tshark.skip("wire.captures needs DOJIMA_DATA")
    tshark.need_tshark()
    outside = os.environ.get("DOJIMA_OMI_LUA")
    files = sorted(glob.glob(os.path.join(data, "ouch/*/*.pcap")) + glob.glob(os.path.join(data, "itch/*/*.pcap")))
    if not files:
        tshark.fail(f"no capture below {data}")
    fields = session = opinions = messages = 0
    for path in files:
        kind, payload, port = payload_of(path)
        lines = ours(sys.argv[1], kind, payload)
        decode_as = DECODE_AS + (["-d", f"udp.port=={port},moldudp64"] if kind == "mold" else [])
        packets = tshark.pdml(path, decode_as)
        complaints = tshark.complaints(packets)
        if complaints:
            tshark.fail(f"{path}: {complaints}")
        session += same_session(kind, lines, packets)
        told = [line.split(" ", 1) for line in lines if line.split()[0] in ("ouch", "itch")]
        seen = list(tshark.messages(packets))
        if [protocol for protocol, _ in seen] != [protocol for protocol, _ in told]:
            tshark.fail(f"{path}: {len(seen)} messages instead of {len(told)}")
        for (_, text), (_, element) in zip(told, seen):
            fields += tshark.same_flat(text, element)
            messages += 1
        if outside:
            opinions += same_outside(outside, kind, lines, path)
    print(f"{len(files)} captures, {messages} messages, {fields} fields and {session} session fields: the same for "
          f"tshark; {opinions} fields the same for the outside scripts")


main()
