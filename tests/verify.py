"""Verify a sealed file or a store, from docs/format.md alone.

    verify.py FILE.jsonl [--root HEX]        a sealed file; '-' is standard input
    verify.py --store FILE.db [--root HEX]   a store, opened read-only

What it promises: if it exits with 0, every record of every log has the shape that
the page gives it, each part that is there has the digest that its envelope states,
the envelopes hash to the roots stated beside them, and, in a store, every column is
what the envelope says. It then prints one line a log, `LOG-UUID VERSION ROOT`; for
a store, ordered by slug and with the slug before it. With --root, it also promises
that HEX is the root of some log up to some version.

It reads no meaning: whether a kind exists, a handle is free or a date is possible
is no concern of the format.

Exit 1: the file can't be read, or is no such file. Exit 2: wrong usage. Exit 3: a
finding, as one line to standard error that names the first version that doesn't
hold. Nothing goes to standard output unless everything holds.

A store in write-ahead mode is read together with its FILE-wal. SQLite may leave an
empty FILE-wal and a FILE-shm behind: a reader can't take them away.
"""

import argparse
import contextlib
import datetime
import hashlib
import json
import pathlib
import re
import sqlite3
import sys
import uuid

PARTS = {"data": dict, "context": dict, "sources": list}
BESIDE_ENVELOPE = (*PARTS, "salts", "root")
ONLY_SEALED = ("digests", "salts", "root")

MAX_INTEGER = 2**53 - 1
MAX_TEXT = 65_536
MAX_DEPTH = 32
MAX_ENVELOPE = 65_535
MAX_LINE = 1_114_112
SALT_BYTES = 16

APPLICATION_ID = 1_952_541_803
USER_VERSION = 2
MAX_LOG = 2**23 - 1
VERSION_BITS = 40
VERSION_MASK = 2**VERSION_BITS - 1

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{64}")
SALT = re.compile(r"[0-9a-f]{32}")
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
EPOCH = datetime.datetime(1970, 1, 1)


class Fault(Exception):
    """What is wrong with the record at hand."""


class Finding(Exception):
    """A version that doesn't hold; as text, the line that is reported."""

    def __init__(self, version, what, log=None):
        super().__init__(f"{log} e{version}: {what}" if log else f"e{version}: {what}")


class NotSuchAFile(Exception):
    """The input is no sealed file, or no store of this format."""


def need(holds, what):
    if not holds:
        raise Fault(what)


# Section 1: canonical JSON


def parse(raw):
    """The value of one JSON text in bytes; texts, depth and size are left to `canonical`."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=unique_members,
            parse_int=integer,
            parse_float=no_number,
            parse_constant=no_number,
        )
    except UnicodeDecodeError:
        raise Fault("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Fault(f"not JSON: {error}") from None
    except RecursionError:
        raise Fault("nested too deep") from None


def unique_members(pairs):
    members = dict(pairs)
    need(len(members) == len(pairs), "a name stands twice in an object")
    return members


def integer(digits):
    need(digits != "-0", "a number is -0")
    need(len(digits) <= len(str(-MAX_INTEGER)), "a number is out of range")
    number = int(digits)
    need(abs(number) <= MAX_INTEGER, "a number is out of range")
    return number


def no_number(spelling):
    raise Fault("a number is not a plain integer")


def canonical(value):
    """The canonical bytes of a parsed value."""
    return spell(value, 0).encode("utf-8")


def spell(value, depth):
    if isinstance(value, str):
        return spell_text(value)
    if isinstance(value, (dict, list)):
        need(depth < MAX_DEPTH, "nested too deep")
        return spell_nested(value, depth + 1)
    return json.dumps(value)


def spell_nested(value, depth):
    if isinstance(value, list):
        return "[" + ",".join(spell(item, depth) for item in value) + "]"
    members = (
        spell_text(name) + ":" + spell(value[name], depth)
        for name in sorted(value, key=utf16_units)
    )
    return "{" + ",".join(members) + "}"


def utf16_units(name):
    return name.encode("utf-16-be", "surrogatepass")


def spell_text(text):
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise Fault("a text has half of a surrogate pair") from None
    need(size <= MAX_TEXT, "a text is too long")
    return '"' + re.sub(r'[\x00-\x1f"\\]', escape, text) + '"'


def escape(match):
    char = match.group()
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return short.get(char) or f"\\u{ord(char):04x}"


# Section 2: the parts and their digests


def part_digest(name, salt, raw):
    return hashlib.sha256(b"talks:1:" + name.encode() + b"\0" + salt + raw).hexdigest()


def check_part(name, digest, salt, raw):
    """`salt` and `raw` are None where the part is gone; `raw` is empty where it is absent."""
    if raw is None:
        return
    need(raw or name != "data", "data is absent")
    need(part_digest(name, salt, raw) == digest, f"the digest of {name} differs")


def part_bytes(name, value):
    need(type(value) is PARTS[name], f"{name} is of the wrong type")
    return canonical(value)


# Section 3: the envelope


def is_text(value):
    return isinstance(value, str)


def is_positive(value):
    return type(value) is int and value >= 1


def is_spelled(pattern):
    return lambda value: is_text(value) and pattern.fullmatch(value) is not None


def is_digests(value):
    return type(value) is dict and value.keys() == PARTS.keys() and all(map(is_spelled(HASH), value.values()))


def is_format(value):
    return type(value) is int and value == 1


def is_stamp(value):
    if not is_spelled(STAMP)(value):
        return False
    try:
        seconds(value)
    except ValueError:
        return False
    return True


def seconds(stamp):
    """A stamp as seconds since 1970."""
    moment = datetime.datetime.fromisoformat(stamp[:-1])
    return (moment - EPOCH) // datetime.timedelta(seconds=1)


def stamp(seconds):
    """Seconds since 1970 as a stamp."""
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


REQUIRED = {
    "digests": is_digests,
    "format": is_format,
    "id": is_spelled(UUID),
    "kind": is_text,
    "log": is_spelled(UUID),
    "recorded": is_stamp,
    "schema": is_positive,
    "version": is_positive,
}
OPTIONAL = {"defines": is_text, "occurred": is_text, "recorder": is_text, "reported": is_text}


def check_envelope(envelope, raw):
    need(len(raw) <= MAX_ENVELOPE, "the envelope is too long")
    need(all(name.isascii() for name in envelope), "a member's name is not ASCII")
    for name in REQUIRED:
        need(name in envelope, f"{name} is missing")
    for name, holds in {**REQUIRED, **OPTIONAL}.items():
        need(name not in envelope or holds(envelope[name]), f"{name} is malformed")


# Section 4: the tree


def leaf_hash(raw):
    return hashlib.sha256(b"\0" + raw).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_hash(leaves):
    """The root as RFC 6962 defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(tree_hash(leaves[:left]), tree_hash(leaves[left:]))


class Tree:
    """The root as it grows: only the roots of the perfect subtrees are kept, left to right."""

    def __init__(self):
        self.size = 0
        self.frontier = []

    def add(self, leaf):
        size = self.size
        while size & 1:
            leaf = node_hash(self.frontier.pop(), leaf)
            size >>= 1
        self.frontier.append(leaf)
        self.size += 1

    def root(self):
        if not self.frontier:
            return tree_hash([])
        root = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            root = node_hash(left, root)
        return root


def check_trees_agree(sizes=70):
    """Hold the growing tree against the definition, on small sizes."""
    tree, leaves = Tree(), []
    for size in range(sizes):
        if tree.root() != tree_hash(leaves):
            raise RuntimeError(f"the two trees differ at size {size}")
        leaves.append(leaf_hash(b"%d" % size))
        tree.add(leaves[-1])


# A log, whichever way it comes


class Log:
    """The versions of one log that hold so far."""

    def __init__(self):
        self.id = None
        self.ids = set()
        self.recorded = ""
        self.erasers = set()
        self.tree = Tree()
        self.roots = []

    @property
    def version(self):
        return self.tree.size

    def __str__(self):
        return f"{self.id} {self.version} {self.roots[-1]}"

    def add(self, envelope, raw, parts, root):
        """Take the next record; `parts` has a salt and the bytes for each name."""
        check_envelope(envelope, raw)
        self.check_place(envelope)
        for name, (salt, part) in parts.items():
            check_part(name, envelope["digests"][name], salt, part)
        self.grow(envelope, raw)
        need(self.roots[-1] == root, "the root differs")

    def check_place(self, envelope):
        need(envelope["version"] == self.version + 1, "version does not follow")
        need(envelope["log"] == (self.id or envelope["id"]), "log is not the id of the first record")
        need(envelope["id"] not in self.ids, "id stands twice")
        need(envelope["recorded"] >= self.recorded, "recorded goes back")

    def grow(self, envelope, raw):
        self.id = envelope["log"]
        self.ids.add(envelope["id"])
        self.recorded = envelope["recorded"]
        self.tree.add(leaf_hash(raw))
        self.roots.append(self.tree.root().hex())
        if envelope["kind"] == "record.erased":
            self.erasers.add(self.version)


# Section 5: a sealed file


def read_sealed(stream):
    log = Log()
    for number, line in enumerate(lines(stream), 1):
        if number == 1 and not looks_sealed(line):
            raise NotSuchAFile("not a sealed file")
        try:
            add_line(log, line)
        except Fault as fault:
            raise Finding(number, fault) from None
    if not log.version:
        raise NotSuchAFile("the file is empty")
    return log


def lines(stream):
    """The lines without their ends; of one that is too long, enough to tell."""
    while line := stream.readline(MAX_LINE + 2):
        yield line[:-1] if line.endswith(b"\n") else line


def looks_sealed(line):
    """Whether a first line is a sealed one, even if a damaged one."""
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return any(name in json.loads(line) for name in ONLY_SEALED)
    except (ValueError, RecursionError):
        return True


def add_line(log, line):
    need(len(line) <= MAX_LINE, "the line is too long")
    record = parse(line)
    need(type(record) is dict, "the line is not an object")
    envelope = {name: record[name] for name in record if name not in BESIDE_ENVELOPE}
    need(is_spelled(HASH)(record.get("root")), "root is malformed")
    log.add(envelope, canonical(envelope), sealed_parts(record), record["root"])


def sealed_parts(record):
    salts = record.get("salts")
    need(type(salts) is dict and salts.keys() == PARTS.keys(), "salts are malformed")
    return {name: sealed_part(record, name, salts[name]) for name in PARTS}


def sealed_part(record, name, salt):
    if salt is None:
        need(name not in record, f"{name} is there without its salt")
        return None, None
    need(is_spelled(SALT)(salt), f"the salt of {name} is malformed")
    raw = part_bytes(name, record[name]) if name in record else b""
    return bytes.fromhex(salt), raw


# Section 6: a store


def open_store(path):
    uri = pathlib.Path(path).absolute().as_uri() + "?mode=ro"
    store = sqlite3.connect(uri, uri=True, isolation_level=None)
    store.text_factory = bytes
    store.row_factory = sqlite3.Row
    store.execute("BEGIN")
    return store


def read_store(store):
    """The logs with their slugs, in the order of the slugs."""
    check_pragma(store, "application_id", APPLICATION_ID)
    check_pragma(store, "user_version", USER_VERSION)
    logs = []
    for head in store.execute("SELECT * FROM logs ORDER BY slug").fetchall():
        slug = head["slug"].decode("utf-8", "replace")
        logs.append((slug, read_log(store, head, slug)))
    check_owners(store)
    return logs


def check_pragma(store, name, expected):
    found = store.execute(f"PRAGMA {name}").fetchone()[0]
    if found != expected:
        raise NotSuchAFile(f"not a store of this format: {name} is {found}")


def check_owners(store):
    """Every row in `events` and `erasures` belongs to a log."""
    for table in ("events", "erasures"):
        query = f"SELECT pos FROM {table} WHERE pos >> {VERSION_BITS} NOT IN (SELECT log FROM logs) ORDER BY pos"
        for row in store.execute(query):
            number, version = row["pos"] >> VERSION_BITS, row["pos"] & VERSION_MASK
            raise Finding(version, f"in {table}, of a log that is not in logs", f"log {number}")


def read_log(store, head, slug):
    if not 1 <= head["log"] <= MAX_LOG:
        raise Finding(1, "the number of the log is out of range", slug)
    log = Log()
    for version, row in enumerate(rows_of(store, "events", head), 1):
        try:
            add_row(log, row, head)
        except Fault as fault:
            raise Finding(version, fault, slug) from None
    check_head(log, head, slug)
    check_erasures(store, log, head, slug)
    return log


def rows_of(store, table, head):
    first = head["log"] << VERSION_BITS
    query = f"SELECT * FROM {table} WHERE pos BETWEEN ? AND ? ORDER BY pos"
    return store.execute(query, (first, first | VERSION_MASK))


def add_row(log, row, head):
    need(row["pos"] & VERSION_MASK == log.version + 1, "the record is missing")
    for name in ("salts", "root", "envelope"):
        need(type(row[name]) is bytes, f"{name} is not a blob")
    if not row["envelope"]:
        parts = stored_parts(row)
        envelope = given_envelope(log, row, head, parts)
        return log.add(envelope, canonical(envelope), parts, row["root"].hex())
    envelope = parse(row["envelope"])
    need(type(envelope) is dict, "the envelope is not an object")
    need(canonical(envelope) == row["envelope"], "the envelope is not canonical")
    need(not any(name in envelope for name in BESIDE_ENVELOPE), "the envelope holds what stands beside it")
    log.add(envelope, row["envelope"], stored_parts(row), row["root"].hex())
    check_columns(envelope, row)


def given_envelope(log, row, head, parts):
    """The envelope that the columns and the parts give, where none is written down."""
    need(all(part is not None for _, part in parts.values()), "a part is gone, and the envelope is not there")
    envelope = {
        "digests": {name: part_digest(name, salt, part) for name, (salt, part) in parts.items()},
        "format": 1,
        "id": str(uuid.UUID(bytes=row["id"])),
        "kind": row["kind"].decode(),
        "log": str(uuid.UUID(bytes=head["id"])),
        "recorded": stamp(row["recorded"]),
        "schema": row["schema"],
        "version": log.version + 1,
    }
    texts = {name: row[name].decode() for name in OPTIONAL if row[name] is not None}
    return envelope | texts


def stored_parts(row):
    need(len(row["salts"]) == SALT_BYTES * len(PARTS), "the salts are malformed")
    return {
        name: stored_part(name, row["salts"][at : at + SALT_BYTES], row[name])
        for name, at in zip(PARTS, range(0, len(row["salts"]), SALT_BYTES))
    }


def stored_part(name, salt, raw):
    if raw is None:
        need(salt == bytes(SALT_BYTES), f"{name} is gone and its salt is not")
        return None, None
    need(type(raw) is bytes, f"{name} is not a text")
    need(not raw or part_bytes(name, parse(raw)) == raw, f"{name} is not canonical")
    return salt, raw


def check_columns(envelope, row):
    need(row["id"] == uuid.UUID(envelope["id"]).bytes, "the column id differs")
    need(row["schema"] == envelope["schema"], "the column schema differs")
    need(row["recorded"] == seconds(envelope["recorded"]), "the column recorded differs")
    for name in ("kind", *OPTIONAL):
        text = envelope[name].encode() if name in envelope else None
        need(row[name] == text, f"the column {name} differs")


def check_head(log, head, slug):
    """The row in `logs`, held against the records."""
    if head["version"] != log.version or not log.version:
        version = max(min(head["version"], log.version) + 1, 1)
        raise Finding(version, f"logs has version {head['version']}, events has {log.version}", slug)
    if head["id"] != uuid.UUID(log.id).bytes:
        raise Finding(1, "the id in logs differs", slug)
    if head["recorded"] != seconds(log.recorded):
        raise Finding(log.version, "recorded in logs differs", slug)
    if head["frontier"] != b"".join(log.tree.frontier):
        raise Finding(log.version, "the frontier in logs differs", slug)


def check_erasures(store, log, head, slug):
    """A row in `erasures` is about a part that is gone, and names a record.erased."""
    gone = "SELECT data IS NULL AS data, context IS NULL AS context, sources IS NULL AS sources FROM events WHERE pos = ?"
    for row in rows_of(store, "erasures", head):
        part = row["part"].decode("utf-8", "replace")
        parts = store.execute(gone, (row["pos"],)).fetchone()
        try:
            need(parts is not None, "the record erased from is missing")
            need(part in PARTS, "erasures names no part")
            need(parts[part], f"{part} was erased and is still there")
            need(row["by"] in log.erasers, f"{part} was not erased by a record.erased")
        except Fault as fault:
            raise Finding(row["pos"] & VERSION_MASK, fault, slug) from None


# The command


def arguments():
    parser = argparse.ArgumentParser(description="Verify a sealed file or a store.")
    parser.add_argument("file", help="a sealed file, '-' for standard input; with --store, a store")
    parser.add_argument("--store", action="store_true", help="FILE is a store")
    parser.add_argument("--root", metavar="HEX", help="a root that some version of some log must have")
    return parser.parse_args()


def verified(args):
    """The logs, each with what its line begins with."""
    if args.store:
        with contextlib.closing(open_store(args.file)) as store:
            return [(f"{slug} ", log) for slug, log in read_store(store)]
    if args.file == "-":
        return [("", read_sealed(sys.stdin.buffer))]
    with open(args.file, "rb") as stream:
        return [("", read_sealed(stream))]


def fail(status, what):
    print(f"verify: {what}", file=sys.stderr)
    return status


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stderr.reconfigure(encoding="utf-8", newline="\n")
    check_trees_agree()
    args = arguments()
    try:
        logs = verified(args)
    except Finding as finding:
        return fail(3, finding)
    except (NotSuchAFile, OSError, sqlite3.Error) as error:
        return fail(1, error)
    if args.root is not None and not any(args.root in log.roots for _, log in logs):
        return fail(3, f"no prefix has root {args.root}")
    for prefix, log in logs:
        print(f"{prefix}{log}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
