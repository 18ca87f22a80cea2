"""A process that dies right before, inside or right after any write of the commit protocol loses nothing and doubles nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.campaign import Place, numbers_of
from tests.faults.nursery import Nursery, killed_there
from tests.faults.pipelines import noise_at_odds
from tests.faults.points import MOMENTS, OBJECTS, TRANSACTIONS, Moment, Point

from servers import S3Server

FIRST = [(write, moment) for write in (*OBJECTS, *TRANSACTIONS) for moment in MOMENTS]
FIRST.remove(("delete checkpoints", "inside"))  # What is deleted is given no name.
# The second of these is another thing: a whole-set step's, by its worker; lineage instead of items; a step's end.
SECOND = ["blobs", "states", "records", "Results._insert", "Runs.finish_step", "Runs.set_state"]
# Of a noisy run: its own items', those that are made of them, then the whole set's.
NOISY = [
    *(("checkpoints", 1), ("blobs", 4), ("segments", 1), ("segments", 2)),
    *(("records", 1), ("records", 2), ("records", 3)),
    *(("Results._insert", 1), ("Results._insert", 2), ("Runs.finish_step", 3)),
]
Three = tuple[Path, dict[str, str]]


def is_clean(born: Nursery, place: Place, three: Three, point: Point) -> bool:
    """Whether a run that is killed there ends as if nobody had disturbed it."""
    verdict = killed_there(born, place, *three, point)
    assert verdict is not None, f"no process came to {point}"
    assert verdict.is_clean, verdict
    return True


def is_one_result(born: Nursery, place: Place, numbers: Path, point: Point) -> bool:
    """The same of a run whose every execution would make something else: what it published was all made of one another."""
    verdict = killed_there(born, place, numbers, {}, point, "noise")
    assert verdict is not None, f"no process came to {point}"
    assert verdict.is_clean, verdict
    assert noise_at_odds(numbers_of(place, verdict.run)) == []
    return True


@pytest.fixture(params=("moto", "rclone"))
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A store in a bucket, on a server that honours exclusive creates and on one that overwrites."""
    server: S3Server = request.getfixturevalue(f"{request.param}_server")
    return Place(tmp_path, bucket=server.url(f"faults/{tmp_path.name}"), access=server.environment)


@pytest.mark.parametrize(("write", "moment"), FIRST)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_run_killed_at_a_write_is_resumed_as_if_nothing_had_happened(
    write: str, moment: Moment, born: Nursery, place: Place, three: Three
) -> None:
    assert is_clean(born, place, three, Point(write=write, moment=moment))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("write", SECOND)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_nor_does_it_matter_at_the_second_write_of_a_kind(
    write: str, moment: Moment, born: Nursery, place: Place, three: Three
) -> None:
    assert is_clean(born, place, three, Point(write=write, moment=moment, number=2))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("write", [*TRANSACTIONS, "records"])
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_nor_with_a_catalog_on_a_server(
    write: str, moment: Moment, born: Nursery, place: Place, three: Three
) -> None:
    assert is_clean(born, place, three, Point(write=write, moment=moment))


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_nor_in_a_bucket_that_honours_exclusive_creates_or_does_not(
    number: int, moment: Moment, born: Nursery, bucket: Place, three: Three
) -> None:
    """Where it does not the first write is a proposal, the second puts it at its place, the third is another step's."""
    point = Point(write="records", moment=moment, number=number)
    assert is_clean(born, bucket, three, point)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("bucket", ["rclone"], indirect=True)
def test_nor_where_what_was_proposed_is_taken_away(
    moment: Moment, born: Nursery, bucket: Place, three: Three
) -> None:
    assert is_clean(born, bucket, three, Point(write="delete records", moment=moment))


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("write", "number"), NOISY)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_of_stages_that_make_something_else_each_time_one_result_is_left_wherever_they_are_killed(
    write: str, number: int, moment: Moment, born: Nursery, place: Place, three: Three
) -> None:
    assert is_one_result(born, place, three[0], Point(write=write, moment=moment, number=number))


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_result_is_left_in_a_bucket_too(
    number: int, moment: Moment, born: Nursery, bucket: Place, three: Three
) -> None:
    assert is_one_result(born, bucket, three[0], Point(write="records", moment=moment, number=number))
