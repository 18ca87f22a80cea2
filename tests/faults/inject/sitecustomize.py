"""Python imports this first in every process whose PYTHONPATH begins with this folder: it arms those that are meant.

CALOTYPE_FAULT_IN is a word of the command line of the processes that are meant, CALOTYPE_FAULT a point as JSON,
CALOTYPE_FAULT_CLOCK by how many seconds their clock is fast.
"""

import os
import sys
import time

if os.environ.get("CALOTYPE_FAULT_IN", "-") in sys.orig_argv:
    if skew := float(os.environ.get("CALOTYPE_FAULT_CLOCK", "0")):
        right = time.time
        time.time = lambda: right() + skew
    if point := os.environ.get("CALOTYPE_FAULT"):
        from tests.faults.points import Point, arm

        arm(Point.model_validate_json(point))
