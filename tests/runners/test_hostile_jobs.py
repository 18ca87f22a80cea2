"""Jobs that mean no good, or whose servers do not: each ends with a clear error, in time, and nothing is lost."""

from __future__ import annotations

import io
import itertools
import time
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image as Pillow
from tests.runners.job_place import Place
from tests.storage.hostile_server import Handler, Site

from calotype.contracts.splat_job import SplatJob, pipeline_of
from calotype.errors import StorageError
from calotype.runners.jobs import JobEnd, Jobs
from calotype.runners.stopping import Stop
from small_disk import SmallDisk


def splat_worker(place: Place) -> Jobs:
    """A worker that would make a splat."""
    return replace(place.worker(f"memory://{uuid.uuid4().hex}"), plan=pipeline_of)


def photos(place: Place, answer: Callable[[Handler], None]) -> dict[str, object]:
    """Six photos that are all answered like this."""
    for number in range(6):
        place.site.routes[f"/{number}.jpg"] = answer
    return {"image_urls": [place.url(f"/{number}.jpg") for number in range(6)]}


def carried_out(worker: Jobs, place: Place, timeout_s: float = 60, **changes: object) -> JobEnd:
    return worker.carry_out("job-1", place.job(**changes), stop=Stop(timeout_s))


def test_pages_instead_of_photos_are_told_by_name(place: Place) -> None:
    page = photos(place, lambda handler: handler.say(200, b"<html>Sign in</html>", Content_Type="text/html"))
    end = carried_out(splat_worker(place), place, **page)
    assert end.state == "failed" and end.exit_code == 78
    assert end.result.error and "0.jpg" in end.result.error


def test_a_redirect_to_a_private_address_is_not_followed(place: Place, site: Site) -> None:
    inner = f"http://127.0.0.2:{site.port}/secret"
    led_away = photos(place, lambda handler: handler.say(302, b"", Location=inner))
    end = carried_out(splat_worker(place), place, **led_away)
    assert end.state == "failed" and end.error == "UrlRefused"
    assert "/secret" not in {one.path for one in site.seen}


def test_cameras_that_fit_no_photo_are_refused_without_a_word_of_our_folders(place: Place) -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (40, 30)).save(file, "PNG")
    for number in range(6):
        place.site.serve(f"/{number}.png", file.getvalue() + bytes([number]))
    frame = {
        "file_path": "other.png",
        "transform_matrix": [[float(i == j) for j in range(4)] for i in range(4)],
    }
    cameras = {"w": 40, "h": 30, "fl_x": 30.0, "frames": [frame]}
    urls = [place.url(f"/{number}.png") for number in range(6)]
    worker = splat_worker(place)
    end = carried_out(worker, place, image_urls=urls, camera_params=cameras)
    assert end.state == "failed" and end.result.error
    assert "Only 0 of 6 photos have a pose." in end.result.error
    assert str(worker.session.scratch.root) not in end.result.error


def silent(handler: Handler) -> None:
    handler.drip(iter([b""]), 3600)


def endless(handler: Handler) -> None:
    handler.say_raw(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n")
    handler.drip(itertools.repeat(b"x"), 0.02)


@pytest.mark.parametrize("answer", [silent, endless])
def test_a_server_that_never_ends_costs_no_more_than_the_jobs_time(
    place: Place, answer: Callable[[Handler], None]
) -> None:
    started = time.monotonic()
    end = carried_out(splat_worker(place), place, timeout_s=2, **photos(place, answer))
    assert end.state == "timed out"
    assert time.monotonic() - started < 20


def test_a_server_that_lies_about_the_length_fails_the_job(place: Place) -> None:
    def lying(handler: Handler) -> None:
        handler.say_raw(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\nshort")

    end = carried_out(splat_worker(place), place, **photos(place, lying))
    assert end.state == "failed" and end.result.error and "/0.jpg" in end.result.error


def test_photos_that_would_need_far_more_memory_than_there_is_are_refused_before_anything_is_computed(
    place: Place,
) -> None:
    """Small files, whose pixels are many: 6 black pictures of 190 megapixels each, looked at in full size."""
    file = io.BytesIO()
    Pillow.new("L", (13_800, 13_800)).save(file, "PNG")
    body = file.getvalue()
    for number in range(6):
        place.site.serve(f"/{number}.png", body + bytes([number]), ETag=f'"{number}"')
    worker = splat_worker(place)
    urls = [f"{place.url(f'/{number % 6}.png')}?{number}" for number in range(1000)]
    end = carried_out(worker, place, image_urls=urls, max_side=13_800)
    assert end.state == "failed" and end.error == "MachineTooSmall"
    assert end.result.error and "GiB of memory; this machine has" in end.result.error
    assert list(worker.session.store.list("tasks")) == []


def outcome(worker: Jobs, job: SplatJob) -> str:
    """How the job ended, or the error for which it could not even be taken up."""
    try:
        return worker.carry_out("job-1", job, stop=Stop(60)).state
    except StorageError as error:
        return type(error).__name__


def test_a_full_disk_fails_the_job_and_once_there_is_room_it_goes_on(
    place: Place, small_disk: SmallDisk
) -> None:
    worker = place.worker(str(small_disk.path / "store"))
    other = place.job(image_urls=[place.url(f"/{number}.json") for number in range(5)])
    assert worker.carry_out("job-0", other, stop=Stop(60)).state == "completed"
    small_disk.fill(leave=0)
    assert outcome(worker, place.job()) in ("failed", "NoSpace")
    small_disk.clear()
    assert outcome(worker, place.job()) == "completed"
