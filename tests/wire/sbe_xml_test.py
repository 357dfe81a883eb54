#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbe_xml_test.py

Goal: docs/reference/dojima-sbe.xml describes the native messages. Method: a decoder that knows SBE 1.0 and nothing
of Dojima reads the XML, then the bodies of tests/golden/messages.txt framed as the reference says, and must find
the values of their JSON; block lengths and unique ids are checked besides."""
import json
import os
import struct
import sys
import xml.etree.ElementTree as ElementTree

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
XML = os.path.join(ROOT, "docs/reference/dojima-sbe.xml")
GOLDEN = os.path.join(ROOT, "tests/golden/messages.txt")
SBE = "{http://fixprotocol.io/2016/sbe}"
PRIMITIVES = {"char": "c", "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q", "int64": "q"}
HEADER_BYTES = {"command": 36, "event": 12}
PREFIX = {"command": struct.pack("<QI", 5, 6), "event": struct.pack("<QQI", 7, 8, 9)}


def fail(what):
    print(f"FAILED: {what}", file=sys.stderr)
    sys.exit(1)


class Schema:
    """Types and messages of the XML."""

    def __init__(self, path):
        root = ElementTree.parse(path).getroot()
        self.id = int(root.get("id"))
        self.types = {element.get("name"): element for element in root.find("types")}
        self.messages = {int(element.get("id")): element for element in root.findall(SBE + "message")}
        if len(self.messages) != len(root.findall(SBE + "message")):
            fail("two messages with one id")

    def layout(self, name):
        """(struct letter, count, enumeration or None, null value or None) of a fixed type."""
        if name in PRIMITIVES:
            return PRIMITIVES[name], 1, None, None
        element = self.types[name]
        if element.tag == "enum":
            names = {int(value.text): value.get("name") for value in element}
            return PRIMITIVES[element.get("encodingType")], 1, names, None
        return PRIMITIVES[element.get("primitiveType")], int(element.get("length", 1)), None, element.get("nullValue")

    def fixed(self, name, data, at):
        """One fixed field: its value as our JSON shows it, and where the next begins."""
        letter, count, names, null = self.layout(name)
        size = struct.calcsize("<" + letter) * count
        chunk = data[at:at + size]
        if letter == "c":
            return chunk.rstrip(b"\0").decode("ascii"), at + size
        if count > 1:
            return chunk.hex(), at + size
        value = struct.unpack("<" + letter, chunk)[0]
        if null is not None and value == int(null):
            return None, at + size
        return (names.get(value, value) if names else value), at + size

    def block(self, template, version):
        """Length of the fixed fields that a version of a message has."""
        message = self.messages[template]
        left_out = [field for field in message.findall("field") if int(field.get("sinceVersion", 1)) > version]
        return int(message.get("blockLength")) - sum(self.fixed(field.get("type"), bytes(64), 0)[1] for field in left_out)

    def decode(self, data):
        """{field: value} of a framed message."""
        block, template, schema, version = struct.unpack_from("<HHHH", data)
        message = self.messages[template]
        if schema != self.id or block != self.block(template, version):
            fail(f"{message.get('name')}: block {block}, the XML says {self.block(template, version)}")
        values, at = {}, 8
        for field in message.findall("field"):
            if int(field.get("sinceVersion", 1)) <= version:
                values[field.get("name")], at = self.fixed(field.get("type"), data, at)
        if at != 8 + block:
            fail(f"{message.get('name')}: the fields have {at - 8} bytes, not {block}")
        for field in message.findall("data"):
            length = data[at]
            values[field.get("name")] = data[at + 1:at + 1 + length].decode("ascii")
            at += 1 + length
        if at != len(data):
            fail(f"{message.get('name')}: {len(data) - at} bytes are left over")
        return message.get("name"), values


def main():
    schema = Schema(XML)
    compared = 0
    seen = set()
    with open(GOLDEN, encoding="ascii") as file:
        lines = [line.rstrip("\n").split(" ", 3) for line in file if not line.startswith("#")]
    for family, name, record, text in lines:
        record = bytes.fromhex(record)
        template = record[0] + (1000 if family == "event" else 0)
        block = schema.block(template, record[1])
        data = struct.pack("<HHHH", block, template, schema.id, record[1]) + PREFIX[family]
        got_name, values = schema.decode(data + record[HEADER_BYTES[family]:])
        if got_name != f"{family}_{name}":
            fail(f"{got_name} instead of {family}_{name}")
        seen.add(template)
        ours = json.loads(text)
        for field, value in values.items():
            if field.startswith("frame_"):
                continue
            expected = ours[field]
            if isinstance(expected, str) and isinstance(value, int):
                expected = int(expected) if expected.lstrip("-").isdigit() else expected
            if value != (int(expected) if isinstance(expected, bool) else expected):
                fail(f"{got_name} {field}: {value} by the XML, {expected} by us")
            compared += 1
    missing = set(schema.messages) - seen - {2000}
    if missing:
        fail(f"no sample of {missing}")
    print(f"{len(lines)} messages, {compared} fields: the XML says what the codec does")


main()
