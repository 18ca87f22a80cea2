"""The outbox: written with what it tells of, taken by one sender at a time, repeated until it is answered for."""

from __future__ import annotations

import threading
from dataclasses import replace

from calotype.catalog import Catalog
from calotype.catalog.deliveries import Delivery


def delivery(name: str, run: str = "r") -> Delivery:
    return Delivery(name, run, "webhook", "https://example.org/hook", '{"a": 1}')


def test_a_delivery_exists_exactly_if_the_step_it_tells_of_is_finished(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "", [("s", "stage")])
    sleeper = catalog.claims.take("k", "sleeper", lease_s=-1)
    awake = catalog.claims.take("k", "awake")
    assert not catalog.runs.finish_step("r", "s", sleeper, "{}", [delivery("d")], state="done")
    assert catalog.deliveries.list() == []
    assert catalog.runs.finish_step("r", "s", awake, "{}", [delivery("d")], state="done")
    catalog.runs.set_state("r", "done", deliveries=[delivery("e"), delivery("d")])
    assert catalog.deliveries.list() == [delivery("d"), delivery("e")]


def test_a_delivery_is_taken_by_one_sender_until_its_lease_ends(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("d"), delivery("e")])
    [first] = catalog.deliveries.take_due(lease_s=-1)
    assert (first.attempts, first.body) == (1, '{"a": 1}')
    taken = catalog.deliveries.take_due(limit=5)
    assert {one.id: one.attempts for one in taken} == {"d": 1, "e": 1} | {first.id: 2}
    assert catalog.deliveries.take_due() == []
    assert not catalog.deliveries.delivered(first)
    assert not catalog.deliveries.failed(first, "slow", None)
    assert catalog.deliveries.delivered(taken[0])
    assert [one.state for one in catalog.deliveries.list(state="delivered")] == ["delivered"]


def test_a_failed_delivery_is_due_again_when_it_should_be_or_given_up(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("d")])
    [taken] = catalog.deliveries.take_due()
    assert catalog.deliveries.failed(taken, "503", retry_in_s=3600)
    assert catalog.deliveries.take_due() == []
    [waiting] = catalog.deliveries.list(state="waiting")
    assert (waiting.error, waiting.attempts) == ("503", 1)
    assert catalog.deliveries.again("d")
    [taken] = catalog.deliveries.take_due()
    assert catalog.deliveries.failed(taken, "410", None)
    assert catalog.deliveries.take_due() == []
    assert catalog.deliveries.list(run="r")[0].state == "failed"
    assert catalog.deliveries.again("d")
    [taken] = catalog.deliveries.take_due()
    assert catalog.deliveries.delivered(taken)
    assert not catalog.deliveries.again("unknown")


def test_what_is_known_already_stays_as_it_is(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("d")])
    [taken] = catalog.deliveries.take_due()
    catalog.deliveries.delivered(taken)
    catalog.deliveries.enqueue([replace(delivery("d"), body="other"), delivery("e", run="r2")])
    assert catalog.deliveries.list(run="r") == catalog.deliveries.list(state="delivered")
    assert [one.id for one in catalog.deliveries.list(run="r2")] == ["e"]


def test_senders_that_work_at_once_send_nothing_twice(catalog: Catalog) -> None:
    catalog.deliveries.enqueue(delivery(f"{n:03}") for n in range(60))
    sent: list[str] = []

    def send() -> None:
        while taken := catalog.deliveries.take_due(limit=4):
            sent.extend(one.id for one in taken if catalog.deliveries.delivered(one))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [f"{n:03}" for n in range(60)]
