"""Keep the claims of a run alive while it works."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from calotype.catalog import Catalog
from calotype.catalog.claims import LEASE_S, Claim
from calotype.errors import CalotypeError

log = logging.getLogger(__name__)


@contextmanager
def heartbeat(catalog: Catalog, claims_held: Callable[[], Mapping[str, Claim]]) -> Generator[None]:
    """A block during which the claims, by step, are extended four times per lease."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(LEASE_S / 4):
            for step, claim in claims_held().items():
                _extend(catalog, step, claim)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _extend(catalog: Catalog, step: str, claim: Claim) -> None:
    try:
        if not catalog.claims.extend(claim):
            log.warning("another worker took over %s; what is done here may be done twice", step)
    except CalotypeError as error:
        log.warning("the lease of %s could not be extended yet: %s", step, error)
