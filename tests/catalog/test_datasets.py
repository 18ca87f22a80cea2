"""Data sets: made once, versions that never change, found by what they hold."""

from __future__ import annotations

import threading

import pytest

from calotype.catalog import Catalog
from calotype.catalog.datasets import DatasetObject, DatasetVersion
from calotype.errors import InvalidParameter, UnknownName

A = DatasetObject("a.jpg", "a" * 64, 10, "Image")
B = DatasetObject("b.jpg", "b" * 64, 3_000_000_000, "Image")


def version(number: int, parent: int = 0, manifest: str = "") -> DatasetVersion:
    return DatasetVersion("birds", number, manifest or str(number) * 64, parent, 100.0 + number)


def test_a_data_set_is_made_once_and_keeps_its_first_description(catalog: Catalog) -> None:
    made = catalog.datasets.get_or_create("birds", "what flies")
    assert made.created > 1_700_000_000
    assert catalog.datasets.get_or_create("birds", "something else") == made
    assert catalog.datasets.get_or_create("ants", created=5.0).created == 5.0
    assert [one.name for one in catalog.datasets.list()] == ["ants", "birds"]


def test_versions_list_their_objects_and_follow_each_other(catalog: Catalog) -> None:
    catalog.datasets.get_or_create("birds")
    assert catalog.datasets.newest("birds") is None
    catalog.datasets.publish(version(1), [B, A])
    catalog.datasets.publish(version(2, parent=1), [A])
    assert catalog.datasets.newest("birds") == version(2, parent=1)
    assert catalog.datasets.version("birds", 1) == version(1)
    assert catalog.datasets.versions("birds") == [version(2, parent=1), version(1)]
    assert catalog.datasets.objects("birds", 1) == [A, B]
    assert catalog.datasets.objects("birds", 2) == [A]
    assert catalog.datasets.holding(A.digest) == [version(1), version(2, parent=1)]
    assert catalog.datasets.holding(B.digest) == [version(1)]
    with pytest.raises(UnknownName, match="has no version 3"):
        catalog.datasets.version("birds", 3)


def test_a_published_version_never_changes(catalog: Catalog) -> None:
    catalog.datasets.get_or_create("birds")
    catalog.datasets.publish(version(1), [A])
    catalog.datasets.publish(version(1), [A])
    with pytest.raises(InvalidParameter, match="published already, with other contents"):
        catalog.datasets.publish(version(1, manifest="f" * 64), [B])
    assert catalog.datasets.objects("birds", 1) == [A]


def test_versions_that_follow_nothing_are_refused_and_leave_nothing(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="No data set 'birds'"):
        catalog.datasets.publish(version(1), [A])
    catalog.datasets.get_or_create("birds")
    for wrong in (version(2, parent=1), version(1, parent=1), version(0)):
        with pytest.raises(InvalidParameter):
            catalog.datasets.publish(wrong, [A])
    assert catalog.datasets.versions("birds") == []


def test_a_version_with_an_object_listed_twice_leaves_nothing(catalog: Catalog) -> None:
    catalog.datasets.get_or_create("birds")
    with pytest.raises(InvalidParameter, match=r"a\.jpg more than once"):
        catalog.datasets.publish(version(1), [A, A])
    assert catalog.datasets.versions("birds") == []


def test_of_two_that_publish_one_number_at_once_one_wins(catalog: Catalog) -> None:
    catalog.datasets.get_or_create("birds")
    refused: list[str] = []

    def publish(letter: str) -> None:
        one = DatasetObject(f"{letter}.jpg", letter * 64, 1, "Image")
        try:
            catalog.datasets.publish(version(1, manifest=letter * 64), [one])
        except InvalidParameter:
            refused.append(letter)

    threads = [threading.Thread(target=publish, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    [winner] = set("abcd") - set(refused)
    assert [one.name for one in catalog.datasets.objects("birds", 1)] == [f"{winner}.jpg"]


def test_twelve_thousand_objects_are_published_at_once(catalog: Catalog) -> None:
    catalog.datasets.get_or_create("birds")
    objects = [DatasetObject(f"{n:05}.jpg", f"{n:064x}", n, "Image") for n in range(12_000)]
    catalog.datasets.publish(version(1), iter(objects))
    assert catalog.datasets.objects("birds", 1) == objects
