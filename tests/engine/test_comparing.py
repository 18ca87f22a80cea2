"""Runs side by side: what differs, which is better, pictures paired by name; for any pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.picture_stages import Brighten, Show, brightening, write_pictures

from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import InvalidParameter, UnknownName
from calotype.runners.comparing import blobs_at_hand, compare_runs, document
from calotype.runners.forking import fork
from calotype.runners.inline import InlineRunner
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.vision.reporting.comparison import comparison_page


def carry_out(session: Session, spec: PipelineSpec, photos: Path) -> str:
    definition = session.create(spec, {"photos": str(photos)})
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch))).run


def forked(session: Session, run: str, *settings: str) -> str:
    definition = fork(session, run, settings)
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch))).run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_pictures(tmp_path / "photos", 3)


def test_only_what_differs_is_told_of_parameters_and_the_better_figure_is_marked(
    session: Session, photos: Path
) -> None:
    first = carry_out(session, brightening(), photos)
    second = forked(session, first, "show.frame=5")
    told = document(compare_runs(session, [first, second]))
    assert told["parameters"] == {"show.frame": [2, 5]}
    assert told["figures"]["frame"] == [2, 5]
    assert told["better"] == {"frame": [first]}  # Of counts and brightness that are the same, none is better.
    assert told["keys"]["brighten"][0] == told["keys"]["brighten"][1]
    assert told["keys"]["show"][0] != told["keys"]["show"][1]
    assert not any(name.startswith("show: input") for name in told["keys"])


def test_a_change_upstream_is_named_in_the_key_of_what_reads_it(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos)
    second = carry_out(session, brightening(Brighten(by=50)), photos)
    told = document(compare_runs(session, [first, second]))
    assert told["parameters"] == {"brighten.by": [10, 50]}
    assert len(set(told["keys"]["show: input photos"])) == 2
    assert told["better"] == {"brightness": [second]}


def test_a_reused_step_is_shown_with_the_seconds_that_computing_it_took(
    session: Session, photos: Path
) -> None:
    first = carry_out(session, brightening(), photos)
    second = forked(session, first, "show.frame=5")
    comparison = compare_runs(session, [first, second])
    seconds = {row.name: row.values for row in comparison.seconds}
    assert seconds["brighten"][0] == seconds["brighten"][1] > 0
    assert comparison.reused == {"brighten": {1}, "show": set()}
    assert seconds["all steps"][0] == pytest.approx(seconds["brighten"][0] + seconds["show"][0])


def test_seconds_of_a_reused_step_are_not_counted_as_spent(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos)
    second = forked(session, first, "show.frame=5")
    told = document(compare_runs(session, [first, second]))
    assert told["reused"] == {"brighten": [second]}
    spent = told["seconds"]["spent in this run"]
    assert spent == pytest.approx([told["seconds"]["all steps"][0], told["seconds"]["show"][1]])


def test_pictures_are_paired_by_folder_and_name(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos)
    second = forked(session, first, "show.frame=5")
    files = {one.title: one.rows for one in compare_runs(session, [first, second]).files}
    assert {title: [row.name for row in rows] for title, rows in files.items()} == {
        "pictures": ["p00.png", "p01.png", "p02.png"],
        "previews": ["first.png"],
        "previews/strip": ["constant.png", "first.png"],
    }
    assert not any(row.differs for row in files["pictures"])
    assert [row.differs for row in files["previews/strip"]] == [False, True]


def test_the_page_holds_the_pictures_that_differ_and_loads_nothing(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(show=Show(title="<b>one</b>")), photos)
    second = forked(session, first, "show.frame=5")
    comparison = compare_runs(session, [first, second])
    with blobs_at_hand(session) as open_blob:
        page = comparison_page(comparison, open_blob)
    assert page.count("<img") == 4  # Two pictures that differ, of two runs.
    assert page.count("src=") == page.count('src="data:image/jpeg;base64,') == 4
    assert page.count('class="set wide"') == 1  # The strip.
    assert "3 pictures are the same in all runs." in page
    assert "1 picture is the same in all runs." in page
    assert "<b>one</b>" not in page
    assert "&lt;b&gt;one&lt;/b&gt;" in page
    assert "<script" not in page


def test_of_many_pictures_some_are_shown_large_and_all_on_a_sheet(session: Session, tmp_path: Path) -> None:
    photos = write_pictures(tmp_path / "many", 9)
    first = carry_out(session, brightening(), photos)
    second = carry_out(session, brightening(Brighten(by=90)), photos)
    comparison = compare_runs(session, [first, second])
    with blobs_at_hand(session) as open_blob:
        page = comparison_page(comparison, open_blob)
    pictures = page[page.index("<h2>pictures</h2>") : page.index("<h2>previews</h2>")]
    assert pictures.count('class="set"') == 6
    assert "All 9 that differ" in pictures
    assert pictures.count("<img") == 2 * 6 + 2 * 9


def test_a_picture_whose_bytes_are_gone_has_its_place_on_the_page(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos)
    second = forked(session, first, "show.frame=5")
    comparison = compare_runs(session, [first, second])
    (row,) = next(files.rows for files in comparison.files if files.title == "previews")
    session.store.delete(Blobs(session.store).key(row.values[0]))
    with blobs_at_hand(session) as open_blob:
        page = comparison_page(comparison, open_blob)
    assert page.count("cannot be shown") == 1


def test_a_store_in_memory_shows_its_pictures_too(photos: Path, tmp_path: Path) -> None:
    session = Session("memory://comparing", {"NVME_ROOT": str(tmp_path / "scratch")})
    first = carry_out(session, brightening(), photos)
    second = carry_out(session, brightening(show=Show(frame=1)), photos)
    with blobs_at_hand(session) as open_blob:
        page = comparison_page(compare_runs(session, [first, second]), open_blob)
    assert page.count("<img") == 4
    session.close()


def test_runs_of_different_pipelines_and_unfinished_runs_can_be_compared(
    session: Session, photos: Path
) -> None:
    from calotype.runners.session import pipeline_of

    first = carry_out(session, brightening(), photos)
    other = carry_out(session, pipeline_of(Brighten(by=3)), photos)
    waiting = session.create(brightening(Brighten(by=77)), {"photos": str(photos)}).id
    told = document(compare_runs(session, [first, other, waiting]))
    assert told["parameters"]["show.frame"] == [2, None, 2]
    assert told["figures"]["count"] == [3, None, None]
    assert told["seconds"]["all steps"][2] == 0
    assert told["better"] == {}


def test_fewer_than_two_runs_cannot_be_compared(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos)
    with pytest.raises(InvalidParameter, match="2 to 26 different runs, not 1"):
        compare_runs(session, [first, "latest"])
    with pytest.raises(UnknownName, match="nothing"):
        compare_runs(session, [first, "nothing"])
