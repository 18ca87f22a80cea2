"""A worker process of the local pool: takes task URLs on stdin, says what happens on stdout, and dies with its parent."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from calotype.engine.command import die_with_parent
from calotype.engine.events import Event
from calotype.engine.execute import Workplace, execute
from calotype.engine.tasks import TaskResult, read_task, split_task_url
from calotype.errors import CalotypeError, UnknownName
from calotype.runners.settings import scratch_from, store_at


def _own_stdout() -> IO[str]:
    """The pipe to the parent, with fd 1 turned to stderr: what a library prints must not meet our lines."""
    pipe = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    return pipe


def _read_orders(orders: queue.Queue[dict[str, Any] | None], cancel: threading.Event) -> None:
    """Read lines from the parent for ever; the end of the pipe is the end of the parent."""
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if order.get("cancel"):
                cancel.set()
            else:
                orders.put(order)
    finally:  # Also after a line that is no order: without a reader nobody could stop this worker.
        cancel.set()
        orders.put(None)


def run_task(
    url: str,
    emit: Callable[[Event], None],
    asked_to_stop: Callable[[], bool],
    places: dict[str, Workplace],
    environment: Mapping[str, str],
) -> TaskResult:
    """Execute the task at a URL; workplaces are kept per store, with what the stages cached in them."""
    try:
        store_url, _ = split_task_url(url)
        if not store_url:
            raise UnknownName(
                f"{url} is not the URL of a task: it should be STORE/tasks/RUN/STEP/SHARD/ATTEMPT.json."
            )
        if store_url not in places:
            places[store_url] = Workplace(store_at(store_url, environment), scratch_from(environment))
        place = places[store_url]
        task = read_task(place.store, url)
    except CalotypeError as error:
        return TaskResult(
            state="failed", error=type(error).__name__, message=str(error), exit_code=error.exit_code
        )
    return execute(task, place, emit, asked_to_stop)


def main() -> None:
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides.
    pipe = _own_stdout()
    lock = threading.Lock()

    def say(ticket: str, **body: Any) -> None:
        with lock:
            pipe.write(json.dumps({"ticket": ticket, **body}) + "\n")
            pipe.flush()

    orders: queue.Queue[dict[str, Any] | None] = queue.Queue()
    cancel = threading.Event()
    threading.Thread(target=_read_orders, args=(orders, cancel), daemon=True).start()
    places: dict[str, Workplace] = {}
    while (order := orders.get()) is not None:
        ticket = order["ticket"]

        def emit(event: Event, ticket: str = ticket) -> None:
            say(ticket, event=event.model_dump_json())

        result = run_task(order["url"], emit, cancel.is_set, places, os.environ)
        say(ticket, result=result.model_dump_json())


if __name__ == "__main__":
    main()
