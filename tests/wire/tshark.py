# SPDX-License-Identifier: Apache-2.0
"""What tshark makes of a capture, and whether it is what our own decoders say: shared by the tests beside it."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
LUA = os.path.join(ROOT, "tools/wireshark/dojima.lua")
PROTOCOLS = {"dojima_ouch": "ouch", "dojima_itch": "itch", "dojima_native": "native"}
# Fields that stand in our JSON for the record of a log, not for the message of a client.
LOG_ONLY = {"message", "command", "event", "sequence", "cause", "session", "incarnation", "source",
            "source_sequence", "source_index", "time_ns", "input_sequence", "valid_for_us"}


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


def fail(what):
    print(f"FAILED: {what}", file=sys.stderr)
    sys.exit(1)


def need_tshark():
    if shutil.which("tshark") is None:
        skip("tshark is not installed (tools/setup check)")


def pdml(capture, arguments, script=LUA):
    """The packets of `capture` as tshark sees them: a list of XML elements."""
    command = ["tshark", "-n", "-r", capture, "-X", f"lua_script:{script}", "-T", "pdml"]
    done = subprocess.run(command + arguments, capture_output=True, text=True, check=False)
    # Wireshark's own advice to root is no failure of the script.
    problems = [line for line in done.stderr.splitlines() if line and "root" not in line]
    if done.returncode != 0 or problems:
        fail(f"tshark on {capture}: {done.returncode} {done.stderr}")
    # A field may show bytes that XML does not allow: those of binary text.
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "?", done.stdout)
    return ElementTree.fromstring(clean).findall("packet")


def messages(packets):
    """(protocol, element) of each of our messages, in order."""
    for packet in packets:
        for element in packet.iter("proto"):
            if element.get("name") in PROTOCOLS:
                yield PROTOCOLS[element.get("name")], element


def complaints(packets):
    """What tshark found malformed, invalid or unknown."""
    found = []
    for packet in packets:
        for element in packet.iter():
            name = element.get("name") or ""
            if (re.search(r"^dojima\.\w+\.(unknown|malformed)$|^_ws\.malformed|\.invalid$|_extra$", name)
                    or (element.tag == "proto" and name == "data")):
                found.append(f"{name}: {element.get('showname') or element.get('show')}")
    return found


def fields_of(element):
    """[(name without prefix and width, shown value, name of the value)] in order, elements of appendages too."""
    rows = []
    for field in element.iter("field"):
        name = field.get("name") or ""
        if not name.startswith("dojima."):
            continue
        short = name.split(".", 2)[2]
        meaning = re.search(r" \(([A-Z0-9_]+)\)$", field.get("showname") or "")
        rows.append((short, field.get("show"), meaning.group(1) if meaning else None, field.get("value")))
    return rows


def expected_rows(line):
    """[(name, value)] of the JSON of an OUCH or ITCH message, in order, as fields_of gives them."""
    rows = []
    for name, value in json.loads(line).items():
        if name != "appendage":
            rows.append((name, str(value)))
            continue
        for element in value:
            tag = element.pop("tag")
            rows.append(("tag", str(tag)))
            rows += [(key, str(text)) for key, text in element.items()]
    return rows


def same_flat(line, element):
    """Compares an OUCH or ITCH message; returns the number of fields, or ends the test."""
    ours = expected_rows(line)
    theirs = [row for row in fields_of(element) if row[0] != "appendage_bytes"]
    if len(ours) != len(theirs):
        fail(f"{len(theirs)} fields instead of {len(ours)}: {theirs} {line}")
    for (name, value), (short, show, _, _) in zip(ours, theirs):
        same_name = short in (name, "tag_number", "tag_text") or re.sub(r"_\d+$", "", short) == name
        if not same_name or show.rstrip(" ") != value.rstrip(" "):
            fail(f"{name}={value} is {short}={show} for tshark: {line}")
    return len(ours)


def same_native(line, element):
    """Compares a native message with the JSON of its record; returns the number of fields."""
    ours = {name: value for name, value in json.loads(line).items()}
    compared = 0
    for short, show, meaning, raw in fields_of(element):
        name = re.sub(r"_\d+$", "", short) if short not in ours else short
        if name not in ours or name in LOG_ONLY:
            continue
        value = ours[name]
        if value is None:
            good = show == str(-2**63)
        elif meaning is not None:
            good = value == meaning
        elif re.fullmatch("[0-9a-f]{64}", str(value)):
            good = raw == value
        else:
            good = show == str(int(value) if isinstance(value, bool) else value)
        if not good:
            fail(f"{name}={value} is {show} ({meaning}) for tshark: {line}")
        compared += 1
    return compared


def workspace():
    return tempfile.TemporaryDirectory(prefix="dojima-wire.")
