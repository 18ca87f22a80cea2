"""The splat job as clients send it: what is taken, what is refused and in which words, what becomes of it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from calotype.contracts.splat_job import SplatJob, SplatResult, parse_scenes, pipeline_of
from calotype.errors import InvalidParameter, TooFewImages

URLS = [f"https://photos.example/set/{number}.jpg?signature=s{number}" for number in range(6)]


MATRIX = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]


def known(name: str) -> dict[str, Any]:
    """Cameras as a client sends them, for one photo."""
    return {"w": 4, "h": 3, "fl_x": 5.0, "frames": [{"file_path": name, "transform_matrix": MATRIX}]}


CAMERAS = known("0.jpg")


def body(**changes: Any) -> dict[str, Any]:
    job = {"project_id": "chair", "image_urls": URLS, **changes}
    return {"input": {name: value for name, value in job.items() if value is not ...}}


def trained(job: SplatJob, folder: Path, iterations: int = 7000) -> dict[str, Any]:
    """The parameters of the training that a job gets."""
    pipeline, _ = pipeline_of(job, folder, iterations)
    return next(step.parameters for step in pipeline.steps if step.id == "splat")


def test_a_job_of_the_hosted_workers_clients_is_taken_as_it_is() -> None:
    job = SplatJob.parse(
        {
            "id": "given-by-the-platform",
            **body(
                iterations=7000,
                upload_url="https://bucket.example/m.ply?X-Amz-Signature=abc",
                webhook_url="https://example.org/hook",
            ),
        }
    )
    assert job.project_id == "chair" and job.iterations == 7000 and list(job.image_urls) == URLS


@pytest.mark.parametrize(
    ("asked", "iterations"),
    [
        ({}, 7000),
        ({"preset": "low"}, 3000),
        ({"preset": "medium"}, 7000),
        ({"preset": "high"}, 15_000),
        ({"preset": "best"}, 30_000),
        ({"iterations": 12}, 12),
        ({"preset": "best", "iterations": 12}, 12),
    ],
)
def test_iterations_win_over_the_preset(asked: dict[str, Any], iterations: int, tmp_path: Path) -> None:
    assert trained(SplatJob.parse(body(**asked)), tmp_path)["iterations"] == iterations


@pytest.mark.parametrize(
    ("asked", "iterations"), [({}, 500), ({"preset": "low"}, 3000), ({"iterations": 12}, 12)]
)
def test_what_a_job_says_wins_over_the_workers_setting(
    asked: dict[str, Any], iterations: int, tmp_path: Path
) -> None:
    assert trained(SplatJob.parse(body(**asked)), tmp_path, 500)["iterations"] == iterations


def test_the_size_of_the_training_images_can_be_asked_for(tmp_path: Path) -> None:
    assert trained(SplatJob.parse(body(max_side=480)), tmp_path)["max_side"] == 480


def test_known_cameras_replace_matching(tmp_path: Path) -> None:
    for more in ({}, {"skip_matching": True}):
        cameras = CAMERAS | {"ply_file_path": "/etc/passwd", "applied_transform": nested(900)}
        pipeline, inputs = pipeline_of(SplatJob.parse(body(camera_params=cameras, **more)), tmp_path)
        assert json.loads(Path(inputs["poses"]).read_text()) == CAMERAS
        assert "sfm" not in {step.id for step in pipeline.steps}
    pipeline, inputs = pipeline_of(SplatJob.parse(body()), tmp_path)
    assert set(inputs) == {"photos"} and "sfm" in {step.id for step in pipeline.steps}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"project_id": ...}, "input.project_id is missing."),
        ({"project_id": ""}, "input.project_id: String should have at least 1 character."),
        ({"project_id": "x" * 1000}, "input.project_id: String should have at most 256 characters."),
        ({"project_id": "a\nb"}, "input.project_id: it holds a line break"),
        ({"project_id": None}, "input.project_id: text is needed (it is None)."),
        ({"image_urls": ...}, "input.image_urls is missing."),
        ({"image_urls": "https://a.example/1.jpg"}, "input.image_urls: a list is needed."),
        ({"image_urls": [*URLS, 5]}, "input.image_urls[6]: text is needed (it is 5)."),
        ({"image_urls": [*URLS, "file:///etc/passwd"]}, "input.image_urls[6]: file:///etc/passwd"),
        ({"image_urls": [*URLS, "https://me:pw@a.example/1.jpg"]}, "holds a user name or password"),
        ({"image_urls": [*URLS, "https://a.example/1.jpg https://b.example"]}, "input.image_urls[6]:"),
        ({"image_urls": ["https://a.example/" + "x" * 9000] * 6}, "input.image_urls[0]:"),
        ({"iterations": 0}, "input.iterations: Input should be greater than or equal to 1 (it is 0)."),
        ({"iterations": 10**9}, "input.iterations: Input should be less than or equal to 1000000"),
        ({"iterations": True}, "input.iterations: a number is needed, not true or false"),
        ({"iterations": "many"}, "input.iterations: Input should be a valid integer"),
        ({"iterations": float("nan")}, "input.iterations: Input should be a finite number"),
        ({"iteration": 5}, "input.iteration is unknown; did you mean iterations?"),
        ({"colour": "red"}, "input.colour is unknown; there are project_id, image_urls"),
        ({"preset": "huge"}, "input.preset: Input should be 'low', 'medium', 'high' or 'best'."),
        ({"max_side": 1}, "input.max_side: Input should be greater than or equal to 64"),
        ({"skip_matching": "maybe"}, "input.skip_matching: Input should be a valid boolean"),
        ({"skip_matching": True}, "input.skip_matching needs input.camera_params"),
        ({"skip_matching": False, "camera_params": CAMERAS}, "input.skip_matching is false, yet"),
        ({"camera_params": [1]}, "input.camera_params: an object is needed."),
        ({"camera_params": {}}, "input.camera_params: it needs frames"),
        ({"camera_params": {"frames": []}}, "input.camera_params: it needs frames"),
        ({"camera_params": {"frames": [5]}}, "input.camera_params: frames[0] is no object"),
        ({"camera_params": CAMERAS | {"w": None}}, "the size of the photo in frames[0] is missing"),
        ({"camera_params": known("/etc/hostname")}, "frames[0].file_path leads elsewhere"),
        ({"camera_params": known("../../secret.png")}, "frames[0].file_path leads elsewhere"),
        ({"camera_params": known("..\\x.png")}, "frames[0].file_path is not the name of a photo"),
        ({"camera_params": known("")}, "frames[0].file_path is not the name of a photo"),
        ({"upload_url": "ftp://a.example/x"}, "input.upload_url:"),
        ({"webhook_url": 7}, "input.webhook_url: text is needed (it is 7)."),
    ],
)
def test_what_is_wrong_is_told_by_its_field(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        SplatJob.parse(body(**changes))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"input": None}, {"input": [1]}, {"inputs": {}}])
def test_a_body_that_holds_no_job_is_refused(odd: object) -> None:
    with pytest.raises(InvalidParameter, match="input"):
        SplatJob.parse(odd)


def test_many_mistakes_are_counted_and_secrets_are_not_repeated() -> None:
    urls = [f"https://me:hunter2@a.example/{number}.jpg?signature=abcdef" for number in range(5000)]
    with pytest.raises(InvalidParameter) as caught:
        SplatJob.parse(body(image_urls=urls))
    assert "hunter2" not in str(caught.value) and "abcdef" not in str(caught.value)
    assert "And 4997 more mistakes." in str(caught.value)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list, as deep as JSON readers let pass."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "huge",
    [
        {"image_urls": ["x"] * 2_000_000},
        {"image_urls": ["https://a.example/" + "x" * 5_000_000] * 2},
        {"project_id": "x" * 10_000_000},
        {"camera_params": {"frames": [{}] * 1_000_000}},
        {"camera_params": CAMERAS | {"frames": [{"file_path": "a", "transform_matrix": nested(900)}]}},
        {"preset": nested(900)},
        {f"field{number}": 1 for number in range(300_000)},
    ],
)
def test_a_huge_or_deep_body_is_refused_quickly_and_in_few_words(huge: dict[str, Any]) -> None:
    started = time.monotonic()
    with pytest.raises(InvalidParameter) as caught:
        SplatJob.parse(body(**huge))
    assert len(str(caught.value)) < 2000
    assert time.monotonic() - started < 10


def test_a_photo_named_twice_counts_once() -> None:
    assert list(SplatJob.parse(body(image_urls=[*URLS, *URLS])).image_urls) == URLS
    with pytest.raises(TooFewImages, match=r"4 photos \(one named twice counts once\); at least 5"):
        SplatJob.parse(body(image_urls=URLS[:4] * 3))


def test_a_fresh_presigned_url_is_the_same_job_and_another_photo_is_not() -> None:
    job = SplatJob.parse(body(upload_url="https://a.example/x?old", webhook_url="https://a.example/1"))
    fresh = SplatJob.parse(body(upload_url="https://a.example/x?new"))
    assert job.identity == fresh.identity
    assert job.identity != SplatJob.parse(body(image_urls=URLS[:5])).identity
    assert job.identity != SplatJob.parse(body(iterations=5)).identity


def test_scenes_share_what_stands_beside_them() -> None:
    scenes = [
        {"project_id": "a", "image_urls": URLS},
        {"project_id": "b", "image_urls": URLS, "preset": "best"},
    ]
    jobs = parse_scenes({"input": {"preset": "low", "scenes": scenes}})
    assert [(job.project_id, job.preset) for job in jobs] == [("a", "low"), ("b", "best")]
    assert parse_scenes(body()) == (SplatJob.parse(body()),)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"scenes": []}, "input.scenes must be a list of 1 to 100 scenes."),
        ({"scenes": {}}, "input.scenes must be a list"),
        ({"scenes": [{}] * 101}, "input.scenes must be a list"),
        ({"scenes": [5]}, "input.scenes[0] must be an object"),
        (
            {"project_id": "a", "scenes": [{"image_urls": URLS}, {"image_urls": 5}]},
            "input.scenes[1].image_urls: a list is needed",
        ),
        (
            {"project_id": "a", "upload_url": "https://a.example/x", "scenes": [{"image_urls": URLS}] * 2},
            "Two scenes of input.scenes have the same upload_url",
        ),
    ],
)
def test_what_is_wrong_with_scenes_is_told_by_its_place(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        parse_scenes({"input": given})
    assert said in str(caught.value)


def test_the_webhook_is_sent_what_the_original_sent() -> None:
    result = SplatResult(
        job_id="1", status="failed", project_id="chair", error="too few", images_processed=3, run="r"
    )
    assert result.webhook.model_dump() == {
        "job_id": "1",
        "status": "failed",
        "model_url": None,
        "model_size_mb": None,
        "project_id": "chair",
        "error": "too few",
    }
