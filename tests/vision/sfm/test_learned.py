"""Learned keypoints in structure from motion: the weights file, the matches, the database, and a real capture."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.vision.sfm.tiny_aliked import tiny_weights

from calotype.errors import Cancelled, UnreadableInput
from calotype.vision.sfm.database import MatchDatabase
from calotype.vision.sfm.features import Features, FeatureSettings
from calotype.vision.sfm.learned import mutual_matches, read_learned_features, threads_that_fit
from calotype.vision.sfm.matching import find_matches
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.photos import camera_groups, read_photos
from calotype.vision.sfm.reconstruct import SfmResult, reconstruct

FEW = SfmOptions(max_features=1500, max_image_side=640, threads=2, mapper="incremental")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A file of tiny random weights."""
    return saved(tmp_path / "tiny.pth", tiny_weights())


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def quiet(done: int, total: int | None, note: str) -> None: ...


def nothing() -> None: ...


def run(photos, weights: Path, folder: Path, options: SfmOptions = FEW, progress=quiet) -> SfmResult:
    return reconstruct(photos, options, folder / "work", folder / "database.db", progress, nothing, weights)


def test_no_more_threads_work_at_once_than_memory_allows() -> None:
    assert threads_that_fit(16, gb_each=0.5, memory_gb=64) == 16
    assert threads_that_fit(16, gb_each=1.1, memory_gb=8) == 3
    assert threads_that_fit(16, gb_each=9.0, memory_gb=8) == 1
    assert threads_that_fit(2, gb_each=0.0, memory_gb=8) == 2


def test_weights_are_known_by_their_content(weights: Path, tmp_path: Path) -> None:
    copy = shutil.copy(weights, tmp_path / "another name.pth")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert read_learned_features(weights).weights == read_learned_features(Path(copy)).weights == digest
    assert read_learned_features(weights).name == f"ALIKED, 16 numbers per keypoint, weights {digest[:12]}"


def test_a_folder_may_hold_one_weights_file_and_its_licence(weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "LICENSE").write_text("BSD")
    with pytest.raises(UnreadableInput, match=r"holds 0 \.pth files"):
        read_learned_features(folder)
    shutil.copy(weights, folder)
    assert read_learned_features(folder).network.length == 16
    shutil.copy(weights, folder / "second.pth")
    with pytest.raises(UnreadableInput, match=r"holds 2 \.pth files"):
        read_learned_features(folder)


class RunsWhenUnpickled:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_code_in_a_weights_file_is_not_run(tmp_path: Path) -> None:
    path = saved(tmp_path / "evil.pth", {**tiny_weights(), "x": RunsWhenUnpickled(tmp_path / "made")})
    with pytest.raises(UnreadableInput, match="something else than weights"):
        read_learned_features(path)
    assert not (tmp_path / "made").exists()


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(65 * 2**20))
    return path


def large(path: Path) -> Path:
    with path.open("wb") as stream:
        stream.truncate(65 * 2**20)
    return path


def text(path: Path) -> Path:
    path.write_text("404: Not Found")
    return path


def cut_off(path: Path) -> Path:
    saved(path, tiny_weights())
    path.write_bytes(path.read_bytes()[:-3000])
    return path


def wider(path: Path) -> Path:
    weights = tiny_weights()
    weights["block4.conv2.regular_conv.weight"] = torch.zeros(16, 16, 5, 5)
    return saved(path, weights)


def endless(path: Path) -> Path:
    """Tensors of one number each, seen as large ones."""
    sizes = {"block4.bn1.weight": 2**14, "desc_head.agg_weights": 2**14}
    weights = {
        name: torch.zeros(1).expand(size, *((2**14, 2**14) if "agg" in name else ()))
        for name, size in sizes.items()
    }
    return saved(path, {**tiny_weights(), **weights})


def unfinished(path: Path) -> Path:
    weights = tiny_weights()
    weights["conv1.weight"][0] = torch.nan
    return saved(path, weights)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path, "No such file"),
        (text, "not a file that torch saved"),
        (cut_off, "not a file that torch saved"),
        (large, "larger than 64 MB"),
        (bomb, "unpacks to more than 64 MB"),
        (lambda path: saved(path, [1, 2]), "something else than named weights"),
        (lambda path: saved(path, {"a": 1}), "something else than named weights"),
        (lambda path: saved(path, torch.nn.Linear(2, 2).state_dict()), "another network than ALIKED"),
        (wider, "another network than ALIKED"),
        (endless, "another network than ALIKED"),
        (unfinished, "no finite numbers"),
    ],
)
def test_what_is_no_weights_file_is_refused_with_what_to_give_instead(
    make, says: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableInput, match=says) as caught:
        read_learned_features(make(tmp_path / "given.pth"))
    assert "given.pth" in str(caught.value)
    assert "aliked-n16rot.pth" in str(caught.value)


def test_without_torch_the_extra_is_named(weights: Path) -> None:
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path\n"
        "from calotype.errors import MissingExtra\n"
        "from calotype.vision.sfm.learned import read_learned_features\n"
        "try: read_learned_features(Path(sys.argv[1]))\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(weights)], capture_output=True, text=True, check=True
    )
    assert "pip install calotype[learned]" in done.stdout


def unit_rows(n: int, d: int, seed: int) -> torch.Tensor:
    rows = torch.randn((n, d), generator=torch.Generator().manual_seed(seed))
    return rows / rows.norm(dim=1, keepdim=True)


def test_matches_are_mutual_and_find_a_permutation() -> None:
    rows = unit_rows(200, 64, 0)
    order = torch.randperm(200, generator=torch.Generator().manual_seed(1))
    matches = mutual_matches(rows, rows[order])
    assert len(matches) == 200
    np.testing.assert_array_equal(order[matches[:, 1].astype(int)], matches[:, 0])
    back = mutual_matches(rows[order], rows)
    assert {(b, a) for a, b in matches.tolist()} == {(a, b) for a, b in back.tolist()}


def test_unlike_descriptors_do_not_match() -> None:
    assert mutual_matches(unit_rows(50, 64, 0), unit_rows(40, 64, 1)).shape == (0, 2)
    assert mutual_matches(unit_rows(50, 64, 0), unit_rows(0, 64, 1)).shape == (0, 2)


@pytest.fixture
def database(boards, tmp_path: Path) -> MatchDatabase:
    """Of the boards' photos, without keypoints."""
    photos = read_photos(boards.photos)
    database = MatchDatabase(tmp_path / "database.db")
    database.prepare(photos, camera_groups(photos, "auto"), "SIMPLE_RADIAL")
    return database


def features(n: int, seed: int = 0) -> Features:
    rng = np.random.default_rng(seed)
    return Features(
        rng.uniform(0, 300, (n, 4)).astype(np.float32), unit_rows(n, 64, seed).numpy().astype(np.float16)
    )


def test_descriptors_come_back_from_the_database_as_they_went_in(database: MatchDatabase) -> None:
    found = features(30)
    database.add_features([(1, found), (2, features(0)), (3, features(5))])
    np.testing.assert_array_equal(database.descriptors(1), found.descriptors)
    previews = database.first_descriptors(10)
    np.testing.assert_array_equal(previews[1], found.descriptors[:10])
    assert [len(previews[number]) for number in (1, 2, 3)] == [10, 0, 5]
    assert database.feature_counts() == {1: 30, 2: 0, 3: 5}


def test_keypoints_of_other_weights_are_forgotten(database: MatchDatabase) -> None:
    settings = FeatureSettings(700, 640, weights="a" * 64)
    database.begin_features(settings)
    database.add_features([(1, features(30))])
    database.begin_features(settings)
    assert database.image_ids_with_features() == {1}
    assert settings.harder().weights == settings.weights
    assert settings.harder().least_score == settings.least_score / 2
    database.begin_features(FeatureSettings(700, 640, weights="b" * 64))
    assert database.image_ids_with_features() == set()


def test_matches_that_a_killed_run_left_unverified_are_made_again(
    database: MatchDatabase, weights: Path, tmp_path: Path
) -> None:
    method = read_learned_features(weights)
    same = features(60)
    database.add_features([(1, same), (2, same), (3, features(60, seed=3))])
    database.replace_matches({(1, 2): np.zeros((4, 2), np.uint32)})
    count = find_matches(method, database, [(1, 2), (1, 3)], tmp_path, 0, 2, quiet, nothing)
    assert count == 2
    assert database.pairs_done() == {(1, 2), (1, 3)}
    # The same keypoints in both: whatever explains them, all 60 agree.
    assert database.verified_matches() == {(1, 2): 60}
    assert find_matches(method, database, [(1, 2), (1, 3)], tmp_path, 0, 2, quiet, nothing) == 0


def test_kermit_is_placed_in_full_by_learned_keypoints(kermit, aliked_weights: Path, tmp_path: Path) -> None:
    report = run(kermit, aliked_weights / "aliked-n16rot.pth", tmp_path, SfmOptions(threads=2)).report
    assert report.features.startswith("ALIKED, 128 numbers")
    assert report.registered == 11
    assert report.cameras[0].focal_px == pytest.approx(690, rel=0.05)
    assert report.reprojection_px is not None
    assert report.reprojection_px < 1.0  # Learned keypoints lie less exactly than SIFT's 0.4.


def test_any_number_of_threads_finds_the_same_keypoints(boards, weights: Path) -> None:
    method, photos = read_learned_features(weights), read_photos(boards.photos[:3])
    settings = FeatureSettings(200, 480, weights=method.weights, least_score=0.0)
    one, two = ([found for _, found in method.extract_all(photos, settings, n)] for n in (1, 2))
    for mine, theirs in zip(one, two, strict=True):
        assert len(mine.keypoints) == 200
        np.testing.assert_array_equal(mine.keypoints, theirs.keypoints)
        np.testing.assert_array_equal(mine.descriptors, theirs.descriptors)


def test_an_interrupted_run_goes_on_where_it_stopped(kermit, aliked_weights: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int | None, note: str) -> None:
        if note.startswith("matching") and done > 0:
            raise Cancelled

    weights = aliked_weights / "aliked-t16.pth"
    with pytest.raises(Cancelled):
        run(kermit, weights, tmp_path, FEW, stop)
    done = len(MatchDatabase(tmp_path / "database.db").pairs_done())
    assert 0 < done < 55
    begun: dict[str, int] = {}
    result = run(kermit, weights, tmp_path, FEW, lambda now, _, note: begun.setdefault(note, now))
    assert (begun["finding keypoints"], begun["matching pairs of photos"]) == (11, done)
    assert (result.report.registered, result.report.continued) == (11, True)


def test_likely_pairs_are_found_by_learned_descriptors(kermit, aliked_weights: Path, tmp_path: Path) -> None:
    options = FEW.model_copy(update={"matching": "sequential", "retries": False})
    report = run(kermit, aliked_weights / "aliked-t16.pth", tmp_path, options).report
    assert report.attempts[0].what == "likely pairs"
    assert report.registered == 11
