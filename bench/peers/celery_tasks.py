"""The same trivial tasks as a Celery application on a local Redis."""

from __future__ import annotations

from bench.peers.trivial import tick_pair
from celery import Celery

app = Celery("peer", broker="redis://127.0.0.1:6379/9")
app.conf.update(worker_prefetch_multiplier=32, broker_connection_retry_on_startup=True)


@app.task(ignore_result=True)
def tick_task(source: str, target: str) -> int:
    """One item."""
    return tick_pair((source, target))
