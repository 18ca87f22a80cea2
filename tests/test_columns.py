from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from calotype.artifacts import ArtifactRef, References, names_of
from calotype.columns import Digests, Texts

HEX = some.binary(min_size=32, max_size=32).map(bytes.hex)
NAMES = some.text() | some.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
REFS = some.builds(
    ArtifactRef,
    kind=some.sampled_from(["Image", "Mask", "Splat"]),
    name=NAMES,
    digest=HEX,
    size=some.integers(0, 2**64 - 1),
    folder=some.booleans(),
)


@given(some.lists(NAMES))
def test_texts_come_back_as_they_were_given(values: list[str]) -> None:
    texts = Texts(values)
    assert list(texts) == values
    assert [texts[place] for place in range(-len(values), len(values))] == values * 2
    assert texts[1:3] == values[1:3]


@given(some.lists(HEX))
def test_digests_come_back_as_they_were_given(values: list[str]) -> None:
    digests = Digests(values)
    assert list(digests) == values
    assert [digests[place] for place in range(-len(values), len(values))] == values * 2
    assert digests.raw.hex() == "".join(values)


@pytest.mark.parametrize("value", ["", "x" * 64, "A" * 64, "00" * 31, "00" * 33, "../x"])
def test_what_is_no_digest_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not a sha256 digest"):
        Digests([value])


@given(some.lists(REFS))
def test_references_in_columns_are_those_that_were_given(refs: list[ArtifactRef]) -> None:
    packed = References(refs)
    assert list(packed) == refs
    assert packed == tuple(refs)
    assert packed[:2] == tuple(refs[:2])
    assert list(names_of(packed)) == list(names_of(refs)) == [ref.name for ref in refs]


def test_references_that_differ_are_not_equal() -> None:
    one = ArtifactRef(kind="Image", name="a", digest="0" * 64, size=1)
    assert References([one]) != (one, one)
    assert References([one]) != (one.model_copy(update={"size": 2}),)


@pytest.mark.parametrize("size", [-1, 2**64])
def test_a_size_that_no_file_has_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="cannot have"):
        References([ArtifactRef(kind="Image", name="a", digest="0" * 64, size=size)])


def test_places_beyond_the_end_are_errors() -> None:
    for empty in (Texts(), Digests(), References()):
        with pytest.raises(IndexError):
            empty[0]
