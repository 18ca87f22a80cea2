"""Write for people: what strangers named (files, runs, messages of an imported run) is shown, and commands no terminal."""

from __future__ import annotations

import re
import sys

# C0 but for tab and new line, DEL, and C1, which some terminals take for the beginning of a command too.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """The text with control characters spelt out: an escape becomes `\\x1b`."""
    return _COMMANDS.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def show(text: str) -> None:
    """Write to stdout, where results go."""
    sys.stdout.write(visible(text))


def tell(text: str) -> None:
    """Write to stderr, where everything else goes."""
    sys.stderr.write(visible(text))
