"""The outbox: written with what it tells of, taken by one sender at a time, repeated until it is answered for."""

from __future__ import annotations

import threading
from dataclasses import replace

from calotype.catalog import Catalog
from calotype.catalog.deliveries import LEASE_S, Delivery


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


def test_a_sender_takes_only_the_kinds_and_the_run_that_it_asks_for(catalog: Catalog) -> None:
    catalog.deliveries.enqueue(
        [delivery("d"), delivery("e", run="r2"), replace(delivery("f"), kind="upload")]
    )
    assert catalog.deliveries.due_in_s(kinds=("callback",)) is None
    assert catalog.deliveries.take_due(5, kinds=("callback",)) == []
    assert [one.id for one in catalog.deliveries.take_due(5, kinds=("upload", "callback"))] == ["f"]
    assert [one.id for one in catalog.deliveries.take_due(5, run="r2")] == ["e"]
    assert catalog.deliveries.due_in_s() == 0
    assert [one.id for one in catalog.deliveries.take_due(5)] == ["d"]
    assert 0 < (catalog.deliveries.due_in_s() or 0) <= LEASE_S


def test_a_long_attempt_keeps_its_lease_until_another_has_begun(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("d")])
    [taken] = catalog.deliveries.take_due(lease_s=-1)
    assert catalog.deliveries.extend(taken)
    assert catalog.deliveries.take_due() == []
    assert catalog.deliveries.extend(taken, lease_s=-1)
    [second] = catalog.deliveries.take_due()
    assert not catalog.deliveries.extend(taken)
    assert not catalog.deliveries.postpone(taken, 0)
    assert second.attempts == 2


def test_what_waits_for_another_delivery_is_due_once_that_has_ended(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("a"), delivery("b"), delivery("c")])
    a, b, c = sorted(catalog.deliveries.take_due(3), key=lambda one: one.id)
    assert catalog.deliveries.postpone(b, 3600, waits_for="a")
    assert catalog.deliveries.postpone(c, 3600)
    assert catalog.deliveries.failed(a, "503", retry_in_s=3600)
    assert catalog.deliveries.take_due(3) == []
    assert catalog.deliveries.delivered(a)
    [taken] = catalog.deliveries.take_due(3)
    assert (taken.id, taken.attempts, taken.error) == ("b", 1, "")
    assert catalog.deliveries.find("c") == replace(
        c, attempts=0, next_at=catalog.deliveries.list()[2].next_at
    )


def test_a_delivery_that_is_asked_for_again_begins_anew_and_may_go_elsewhere(catalog: Catalog) -> None:
    catalog.deliveries.enqueue([delivery("d")])
    [taken] = catalog.deliveries.take_due()
    catalog.deliveries.failed(taken, "expired", None)
    assert catalog.deliveries.again("d", "https://example.org/fresh")
    [fresh] = catalog.deliveries.take_due()
    assert (fresh.target, fresh.attempts, fresh.error) == ("https://example.org/fresh", 1, "")
    assert catalog.deliveries.find("unknown") is None


def test_time_is_what_the_catalogs_clock_says() -> None:
    now = [1000.0]
    catalog = Catalog("sqlite://", now=lambda: now[0])
    catalog.deliveries.enqueue([delivery("d")])
    [taken] = catalog.deliveries.take_due()
    catalog.deliveries.failed(taken, "503", retry_in_s=86_400)
    assert catalog.deliveries.due_in_s() == 86_400
    now[0] += 86_400
    assert [one.attempts for one in catalog.deliveries.take_due()] == [2]
    catalog.close()


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
