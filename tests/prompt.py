"""Plays a session at a terminal: waits for each text to be shown, then types. Prints the screen's text and exits as the program did.

    prompt.py PROGRAM... -- shown typed shown typed ...
"""

import os
import pty
import re
import select
import sys
import time

SECONDS = 20
NEVER_SHOWN = 99


def main():
    split = sys.argv.index("--")
    program, steps = sys.argv[1:split], sys.argv[split + 1 :]
    child, screen = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm", NO_COLOR="1", COLUMNS="80")
        os.execv(program[0], program)
    shown, seen = "", 0
    for wanted, typed in zip(steps[::2], steps[1::2]):
        until = time.time() + SECONDS
        while wanted not in shown[seen:]:
            more = read(screen, until)
            if more is None:
                print(f"never shown: {wanted!r} in {shown[seen:]!r}")
                sys.exit(NEVER_SHOWN)
            shown += more
        seen = shown.index(wanted, seen) + len(wanted)
        os.write(screen, typed.encode().decode("unicode_escape").encode())
    until = time.time() + SECONDS
    while (more := read(screen, until)) is not None:
        shown += more
    print(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", ""))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def read(screen, until):
    """More of what is shown; nothing when the program is gone, or is late."""
    ready, _, _ = select.select([screen], [], [], max(0, until - time.time()))
    try:
        return (os.read(screen, 65536).decode(errors="replace") if ready else "") or None
    except OSError:
        return None


main()
