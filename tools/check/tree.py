# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the files of the tree, C text without comments and strings, findings."""
import functools
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("src", "apps", "sim", "tools", "bench", "tests", "schema")
GENERATED = "Written by tools/schemagen"


def code_files(suffixes=(".c", ".h"), folders=CODE_FOLDERS):
    """Paths of all files of these kinds, sorted."""
    found = []
    for folder in folders:
        base = ROOT / folder
        if base.is_dir():
            found += [path for path in base.rglob("*") if path.suffix in suffixes and path.is_file()]
    return sorted(found)


def name(path):
    """The path as it is printed: from the root of the tree."""
    return path.relative_to(ROOT).as_posix()


def is_generated(path):
    """True for a file that the generator writes."""
    with open(path, encoding="utf-8") as file:
        return GENERATED in file.read(600)


@functools.lru_cache(maxsize=None)
def includers():
    """{room path of a header: the files that include it}."""
    table = {}
    for path in code_files():
        for header in re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), flags=re.M):
            table.setdefault(header, []).append(path)
    return table


def is_test(path):
    """True for tests, fuzz targets and benchmarks, and for headers that only those include: they
    may allocate, read clocks and so on."""
    if re.search(r"_(test|fuzz|bench)\.[ch]$", path.name) or name(path).startswith(("tests/", "bench/")):
        return True
    users = includers().get(name(path).removeprefix("src/"), [])
    return path.suffix == ".h" and bool(users) and all(map(is_test, users))


PIECES = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])*')""", re.S | re.X)


def without_comments(text, keep_strings=False):
    """C text with comments (and the insides of strings) blanked; line numbers stay."""
    def blank(match):
        piece = match.group(0)
        if match.lastgroup == "comment":
            return re.sub(r"[^\n]", " ", piece)
        if keep_strings:
            return piece
        return piece[0] + " " * (len(piece) - 2) + piece[-1]
    return PIECES.sub(blank, text)


def without_directives(text):
    """Text with preprocessor lines, continued ones too, blanked; line numbers stay."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  text, flags=re.M)


def line_of(text, offset):
    """Line number of an offset, from 1."""
    return text.count("\n", 0, offset) + 1


def rooms():
    """src/ROOMS as {room: (rooms it may include, packages)}, in the file's order."""
    table = {}
    for line in (ROOT / "src/ROOMS").read_text(encoding="utf-8").splitlines():
        match = re.match(r"^([a-z]+):([^|]*)(?:\|(.*))?$", line)
        if match is not None:
            table[match.group(1)] = (match.group(2).split(), (match.group(3) or "").split())
    return table


class Findings:
    """Collects findings, prints each with its place and remedy, gives the exit code."""

    def __init__(self, check):
        self.check = check
        self.count = 0

    def add(self, place, what, remedy):
        """One finding. place: file or file:line."""
        self.count += 1
        print(f"{place}: {what}; {remedy}")

    def end(self, summary):
        """Prints the closing line and ends the program: 1 if anything was found."""
        if self.count == 0:
            print(f"{self.check}: clean, {summary}")
        else:
            print(f"{self.check}: {self.count} findings")
        sys.exit(1 if self.count else 0)
