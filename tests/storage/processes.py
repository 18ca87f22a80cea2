"""Several processes that start together, for races; each is a short script, so that 8 of them take a second."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

_PROLOGUE = """
import sys
from pathlib import Path
from calotype.storage.blobs import Blobs
from calotype.storage.s3 import S3Settings
from calotype.storage.scratch import Scratch
from calotype.storage.store import open_store
me, arguments = int(sys.argv[1]), sys.argv[2:]
def start_together():
    print("ready", flush=True)
    sys.stdin.readline()
"""


def run_together(script: str, count: int, arguments: Sequence[object]) -> list[str]:
    """What each of `count` processes printed after `start_together()`; a failed one fails the test.

    A script finds its number in `me` and the arguments in `arguments`.
    """
    command = [sys.executable, "-c", _PROLOGUE + script]
    children = [
        subprocess.Popen(
            [*command, str(me), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for me in range(count)
    ]
    try:
        for child in children:
            assert child.stdout is not None
            child.stdout.readline()
        # Written to all before waiting for any: communicate() waits for the end.
        for child in children:
            assert child.stdin is not None
            try:
                child.stdin.write("go\n")
                child.stdin.flush()
            except BrokenPipeError:
                pass  # It died before; its stderr is shown below.
        ended = [(child.communicate(), child.returncode) for child in children]
    finally:
        for child in children:
            child.kill()
    for (_, said), code in ended:
        assert code == 0, said
    return [printed for (printed, _), _ in ended]
