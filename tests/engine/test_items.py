from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import pytest

from calotype.artifacts import ArtifactRef, References
from calotype.engine.flows import item_outputs
from calotype.engine.items import Items, KnownResults
from calotype.engine.keys import ordered_set_digest, set_digest
from calotype.engine.plan import paired_by_name, read_members
from calotype.engine.records import ItemResult


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def refs(*names: str, kind: str = "Image") -> References:
    return References(ArtifactRef(kind=kind, name=name, digest=digest(name[0]), size=1) for name in names)


def key_of(digests: Sequence[str]) -> str:
    return digest("".join(digests))


def items_of(*names: str) -> Items:
    return Items([refs(*names)], [range(len(names))], key_of)


def result(key: str, *outputs: str, rejected: str | None = None) -> ItemResult:
    made = tuple(ArtifactRef(kind="Mask", name=name, digest=digest(name), size=2) for name in outputs)
    return ItemResult(key=key, outputs=made, rejected=rejected)


def test_an_item_is_made_of_one_artifact_of_each_column() -> None:
    items = Items(
        [refs("a.jpg", "b.jpg"), refs("b.png", "x.png", "a.png", kind="Mask")], [[0, 1], [2, 0]], key_of
    )
    assert [[ref.name for ref in item.refs] for item in items] == [["a.jpg", "a.png"], ["b.jpg", "b.png"]]
    assert [item.name for item in items] == [items.name(0), items.name(1)] == ["a.jpg", "b.jpg"]
    assert [item.key for item in items] == list(items.keys)


@pytest.mark.parametrize("count", [0, 1, 2, 2500])
def test_the_members_blob_lists_every_item(count: int) -> None:
    items = items_of(*(f"{number:05d}.jpg" for number in range(count)))
    blob = b"".join(items.members_blob())
    assert list(read_members(blob)) == list(items)
    assert len(json.loads(blob)) == count


def test_names_that_share_a_key_are_wanted_once_and_known_together() -> None:
    items = items_of("a1", "b1", "a2", "a3", "c1")
    results = KnownResults(items)
    assert results.wanted == 3
    assert list(results.missing()) == [0, 1, 4]
    assert results.add(result(items.keys[2], "m"), "s")
    assert list(results.missing()) == [1, 4]
    assert {key: results[key].outputs[0].name for key in results} == {items.keys[0]: "m"}


def test_keys_are_found_whatever_their_order_and_strangers_are_not() -> None:
    items = items_of(*(chr(0x4E00 + number) for number in range(1000)))
    slots = items.slots
    assert [slots.of_item[place] for place in range(1000)] == [slots.find(key) for key in items.keys]
    assert slots.find(digest("stranger")) == -1
    assert slots.find("no key at all") == -1


def test_keys_that_begin_alike_are_told_apart() -> None:
    alike = ["0" * 63 + "1", "0" * 63 + "2", "0" * 63 + "1"]
    keys = iter(alike[:2])
    items = Items([refs("a", "b")], [range(2)], lambda _: next(keys))
    assert {items.slots.find(key) for key in alike} == {0, 1}


def test_what_is_learnt_later_counts_and_its_segment_with_it() -> None:
    items = items_of("a", "b")
    results = KnownResults(items)
    results.add(result(items.keys[0], "old"), "first")
    results.add(result(items.keys[1], rejected="too dark"), "first")
    results.add(result(items.keys[0], "new", "other"), "second")
    assert [ref.name for ref in results[items.keys[0]].outputs] == ["new", "other"]
    assert results.segment(items.keys[0]) == "second"
    assert results.segments() == ["first", "second"]
    assert len(results) == 2
    assert list(results.declined()) == [("b", "too dark")]
    results.add(result(items.keys[1], "made"), "second")
    assert results.segments() == ["second"]
    assert list(results.declined()) == []


def test_results_of_other_steps_are_not_taken() -> None:
    results = KnownResults(items_of("a"))
    assert not results.add(result(digest("other"), "m"), "s")
    assert not results.wants(digest("other"))
    with pytest.raises(KeyError):
        results[digest("other")]


@pytest.mark.parametrize(
    ("names", "published"),
    [
        (["a.jpg", "b.jpg"], ["a.json", "b.json"]),
        (["a.heic", "a.jpg"], ["a.json", "a_jpg.json"]),
        (["a.heic", "a.jpg", "a_jpg.png"], ["a.json", "a_jpg_2.json", "a_jpg.json"]),
        (["a_jpg.png", "a.heic", "a.jpg"], ["a_jpg.json", "a.json", "a_jpg_2.json"]),
        (["a.heic", "a.jpg", "a.png", "a_jpg.png", "a_jpg.heic"], None),
    ],
)
def test_no_two_outputs_have_one_name(names: list[str], published: list[str] | None) -> None:
    columns = References(ArtifactRef(kind="Image", name=name, digest=digest(name), size=1) for name in names)
    items = Items([columns], [range(len(names))], key_of)
    results = KnownResults(items)
    for item in items:
        results.add(result(item.key, "{stem}.json"), "s")
    made = item_outputs(items, results, {"Mask": "masks"})["masks"]
    assert len(set(made.names)) == len(names)
    assert published is None or list(made.names) == published


def test_a_result_that_cannot_be_kept_leaves_nothing_half_known() -> None:
    items = items_of("a", "b")
    results = KnownResults(items)
    good = ArtifactRef(kind="Mask", name="m", digest=digest("m"), size=1)
    with pytest.raises(ValueError, match="is not a sha256 digest"):
        results.add(
            ItemResult(key=items.keys[0], outputs=(good, good.model_copy(update={"digest": "x"}))), "s"
        )
    assert list(results.missing()) == [0, 1]
    results.add(result(items.keys[1], "n"), "s")
    assert [ref.name for ref in results[items.keys[1]].outputs] == ["n"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_set_that_comes_in_order_has_the_digest_of_the_set(count: int) -> None:
    members = [(f"{number}\u00e9.jpg", digest(str(number))) for number in range(count)]
    assert ordered_set_digest(members) == set_digest(reversed(members))


def test_of_two_files_of_one_stem_the_last_is_the_partner_and_the_other_is_listed() -> None:
    rows, without = paired_by_name([["a.jpg", "b.jpg"], ["a.jpg", "a.png"]])
    assert [list(row) for row in rows] == [[0], [1]]
    assert without == ["b.jpg", "a.jpg"]


def test_names_of_items_of_a_plain_tuple_are_looked_up_one_by_one() -> None:
    plain = tuple(refs("a", "b", "c"))
    items = Items([plain], [range(3)], key_of)
    assert [items.name(place) for place in range(3)] == ["a", "b", "c"]
