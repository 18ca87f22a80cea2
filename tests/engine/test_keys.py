"""Keys are a file format: these literals must never change while the schema number stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.toy_stages import Double

from calotype.engine.keys import canonical_json, digest_of, item_key, set_digest, step_key
from calotype.errors import InvalidParameter


def test_canonical_json_has_one_spelling_for_one_value() -> None:
    assert (
        canonical_json({"b": 1.0, "a": [True, None, "ü"], "c": 0.1})
        == '{"a":[true,null,"ü"],"b":1,"c":0.1}'.encode()
    )


@given(
    st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text())
)
def test_the_order_of_names_does_not_matter(value: dict[str, object]) -> None:
    assert digest_of(value) == digest_of(dict(reversed(value.items())))


def test_numbers_that_are_no_numbers_cannot_be_keys() -> None:
    with pytest.raises(InvalidParameter, match="finite"):
        canonical_json({"x": float("nan")})


def test_pinned_keys() -> None:
    assert item_key("prepare", "1", {"q": 95}, ["ab"], {}) == (
        "9ee6cdacd2e0223a614c734963bcb005cf00437011fbd77a2aafb28d4b590ef0"
    )
    assert step_key("sfm", "2", {"seed": 0, "f": 0.5}, {"photos": set_digest([("b", "2"), ("a", "1")])}) == (
        "cfb4e799c7d3d78a0575a69557067b215756789eb210cd84cfa8e8d2ea013342"
    )


def test_a_set_does_not_depend_on_its_order_but_on_its_names() -> None:
    assert set_digest([("a", "1"), ("b", "2")]) == set_digest([("b", "2"), ("a", "1")])
    assert set_digest([("a", "1"), ("b", "2")]) != set_digest([("a", "2"), ("b", "1")])


def test_speed_only_parameters_stay_out() -> None:
    assert "threads" not in Double(threads=4).key_parameters()
    assert Double(factor=3).key_parameters() == {"factor": 3, "reject_odd": False}
