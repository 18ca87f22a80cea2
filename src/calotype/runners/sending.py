"""Send what waits in the outbox until it has arrived: repeated for days, under the same id, never holding up a run."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from calotype.catalog.deliveries import LEASE_S, Delivery
from calotype.engine.deliveries import delivery_path, read_delivery, settle
from calotype.errors import (
    CalotypeError,
    Cancelled,
    NoSpace,
    Redirected,
    StoreUnwritable,
    Transient,
    UnknownName,
)
from calotype.runners.carriers import Carrier, Ending, NotYet, Uploads, Webhooks
from calotype.runners.session import Session
from calotype.runners.signing import SigningSecrets
from calotype.storage.web_policy import UPLOADS, WEBHOOKS, FetchPolicy

log = logging.getLogger(__name__)

RETRIED = (Transient, Redirected, NoSpace, StoreUnwritable)
"""Failures that another attempt may not meet. A receiver that redirects may be behind a page that says it is under repair."""

_LONGER_AT_MOST = 0.1
_LOOK_EVERY_S = 1.0
_LOOK_AGAIN_S = 30.0
_ADOPT_EVERY_S = 600.0
_NOTE_EVERY_S = 5.0
_CLOSE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Schedule:
    """When something that has not arrived is tried again."""

    pauses_s: tuple[float, ...] = (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
    """Before each attempt, those that Standard Webhooks proposes: ten attempts in a little more than three days."""
    chance: Callable[[], float] = random.random
    """From 0 to 1: by how much of a tenth a pause is longer, so that what failed together does not come back together."""

    def pause_after(self, attempts: int, asked_s: float | None) -> float | None:
        """Seconds until the next attempt after so many have failed, never fewer than the server asked for; None for no other."""
        if attempts >= len(self.pauses_s):
            return None
        return max(self.pauses_s[attempts] * (1 + _LONGER_AT_MOST * self.chance()), asked_s or 0.0)


@dataclass(frozen=True)
class Sent:
    """What became of one attempt."""

    delivery: Delivery
    state: Literal["delivered", "waiting", "failed"]
    """`waiting`: it is tried again. `failed`: it was given up."""
    error: str = ""
    retry_in_s: float = 0.0
    """Seconds until the next attempt, where it waits."""


class _Chores:
    """What is done now and then beside sending; what fails is done again when its time comes."""

    def __init__(self, chores: Sequence[tuple[float, Callable[[], object]]]) -> None:
        """Each with the seconds between two times."""
        self._chores = chores
        self._next = [0.0] * len(chores)

    def do(self) -> None:
        now = time.monotonic()
        for place, (every_s, chore) in enumerate(self._chores):
            if now >= self._next[place]:
                self._next[place] = now + every_s
                chore()


def nothing() -> None:
    """Note nothing."""


class Sender:
    """Takes what is due from the outbox and has it brought to where it goes. Several may work on one outbox.

    A sender that dies between sending and writing that down sends again, under the same id: at least once, never under another.
    """

    def __init__(
        self,
        session: Session,
        *,
        webhooks: FetchPolicy = WEBHOOKS,
        uploads: FetchPolicy = UPLOADS,
        secrets: SigningSecrets | None = None,
        schedule: Schedule | None = None,
        clock: Callable[[], float] = time.time,
        carriers: Mapping[str, Carrier] | None = None,
        notices: FetchPolicy | None = None,
        note: Callable[[], object] = nothing,
    ) -> None:
        """The policies say what webhooks and uploads may contact. `clock`, seconds since the epoch, is what messages are dated by.

        `carriers` by kind of delivery are added to those for `webhook` and `upload`; word of runs (`notice`) is sent where a policy
        for it is given. `note` is called every few seconds once it was started, to put into the outbox what nobody else does:
        `RunNotices.look`.
        """
        self._store, self._catalog = session.store, session.catalog
        self._deliveries = session.catalog.deliveries
        self._schedule = schedule or Schedule()
        self._clock = clock
        self._note = note
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        signed = secrets or SigningSecrets()
        self._carriers: dict[str, Carrier] = {
            "webhook": Webhooks(webhooks, signed, self._ending, clock),
            "upload": Uploads(session.store, session.scratch, uploads, self._stop.is_set),
            **(carriers or {}),
        }
        if notices is not None:
            self._carriers["notice"] = Webhooks(notices, signed, self._ending, clock)

    def send_due(self, run: str = "") -> list[Sent]:
        """What became of everything that is due, each tried once; only of one run if it is given."""
        sent: list[Sent] = []
        tried: set[str] = set()
        while not self._stop.is_set() and (delivery := self._take(run)):
            if (
                delivery.id in tried
            ):  # Its next attempt came while others were sent: that is for the next pass.
                self._deliveries.postpone(delivery, 0.0)
                break
            try:
                ended = self._send(delivery)
            except Cancelled:
                break
            if ended is not None:
                tried.add(delivery.id)
                sent.append(ended)
        return sent

    def send_all(
        self, run: str = "", *, patience_s: float, sleep: Callable[[float], object] = time.sleep
    ) -> list[Sent]:
        """Every attempt made until nothing waits any more, or the next one is not due within `patience_s` from now."""
        until = self._clock() + patience_s
        sent: list[Sent] = []
        while not self._stop.is_set():
            wait_s = self._deliveries.due_in_s(kinds=tuple(self._carriers), run=run)
            if wait_s is None or self._clock() + wait_s > until:
                break
            sleep(wait_s)
            sent.extend(self.send_due(run))
        return sent

    def start(self, threads: int = 4) -> None:
        """Send from now on in threads of our own, until `close`. They also take over what other machines left in the store."""
        for number in range(threads):
            work = self._serve_and_gather if number == 0 else self._serve
            thread = threading.Thread(target=work, name=f"sender-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self, within_s: float = _CLOSE_WITHIN_S) -> None:
        """Take nothing more. What is under way has `within_s` to end; what does not is sent again by whoever sends next."""
        self._stop.set()
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def adopt(self) -> int:
        """How many deliveries lie in the store that have not arrived; those that other catalogs noted are in this one, too."""
        waiting = 0
        for info in self._store.list("deliveries"):
            try:
                row = read_delivery(self._store, info.key).row
            except UnknownName:  # It arrived just now.
                continue
            except CalotypeError as error:
                log.warning("%s", error)
                continue
            known = self._deliveries.find(row.id)
            if known is None:
                self._deliveries.enqueue([row])
            if known is None or known.state != "delivered":
                waiting += 1
            elif (datetime.now(UTC) - info.modified).total_seconds() > LEASE_S:
                self._store.delete(info.key)  # Somebody died between the two halves of `settle`.
        return waiting

    def _serve_and_gather(self) -> None:
        self._serve(_Chores([(_ADOPT_EVERY_S, self.adopt), (_NOTE_EVERY_S, self._note)]))

    def _serve(self, chores: _Chores | None = None) -> None:
        while not self._stop.is_set():
            wait_s = None
            try:
                if chores:
                    chores.do()
                wait_s = self._deliveries.due_in_s(kinds=tuple(self._carriers))
                if wait_s == 0 and (delivery := self._take()):
                    self._send(delivery)
                    continue
            except Cancelled:
                return
            except CalotypeError as error:
                log.warning("the outbox could not be looked at: %s", error)
            except Exception:
                log.exception("the outbox could not be looked at, by an error of ours")
            self._stop.wait(_LOOK_EVERY_S if wait_s is None else min(max(wait_s, 0.05), _LOOK_EVERY_S))

    def _take(self, run: str = "") -> Delivery | None:
        taken = self._deliveries.take_due(kinds=tuple(self._carriers), run=run)
        return taken[0] if taken else None

    def _send(self, delivery: Delivery) -> Sent | None:
        """What became of an attempt; None where it was put off, or somebody else has taken it meanwhile. Cancelled when stopped."""
        try:
            with self._held(delivery):
                self._check_pending(delivery)
                self._carriers[delivery.kind](delivery)
        except NotYet as reason:
            self._deliveries.postpone(delivery, _LOOK_AGAIN_S, reason.waits_for)
            return None
        except Cancelled:
            self._deliveries.postpone(delivery, 0.0)
            raise
        except CalotypeError as error:
            return self._failed(delivery, error)
        except Exception as error:
            log.exception("delivery %s: an error of ours", delivery.id)
            return self._failed(
                delivery, Transient(f"An internal error ({type(error).__name__}); the log says more.")
            )
        if not settle(self._store, self._catalog, delivery):
            return None
        log.info("delivery %s (%s) arrived at attempt %d", delivery.id, delivery.kind, delivery.attempts)
        return Sent(delivery, "delivered")

    def _failed(self, delivery: Delivery, error: CalotypeError) -> Sent | None:
        pause_s: float | None = None
        if isinstance(error, RETRIED):
            asked_s = cast("float | None", getattr(error, "wait_s", None))
            pause_s = self._schedule.pause_after(delivery.attempts, asked_s)
        if not self._deliveries.failed(delivery, str(error), pause_s):
            return None
        then = "given up" if pause_s is None else f"tried again in {pause_s:.0f} s"
        log.warning("delivery %s: attempt %d failed, %s: %s", delivery.id, delivery.attempts, then, error)
        return Sent(delivery, "failed" if pause_s is None else "waiting", str(error), pause_s or 0.0)

    def _check_pending(self, delivery: Delivery) -> None:
        """Nothing while the store has the delivery's object. A catalog beside others may have a row for what arrived long ago."""
        if not self._store.exists(delivery_path(delivery.id)):
            raise UnknownName(
                f"It was not sent: {delivery_path(delivery.id)} is gone from the store. Another machine has delivered it, or its "
                "run was purged."
            )

    def _ending(self, other: str) -> Ending:
        row = self._deliveries.find(other)
        if row is None:
            try:
                self._deliveries.enqueue([read_delivery(self._store, delivery_path(other)).row])
            except UnknownName:  # What no catalog of ours and no object tells of has arrived long ago.
                return "delivered", ""
            return "waiting", ""
        return cast("Literal['waiting', 'delivered', 'failed']", row.state), row.error

    @contextmanager
    def _held(self, delivery: Delivery) -> Generator[None]:
        """A block, however long, during which nobody else takes the delivery."""
        ended = threading.Event()

        def hold() -> None:
            while not ended.wait(LEASE_S / 4):
                try:
                    self._deliveries.extend(delivery)
                except CalotypeError as error:
                    log.warning("the lease of %s could not be extended yet: %s", delivery.id, error)

        thread = threading.Thread(target=hold, name="delivery", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
