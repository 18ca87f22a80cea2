"""Try harder step by step while too few photos find their place, and remember what was tried."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from calotype.vision.sfm.connecting import connecting_pairs
from calotype.vision.sfm.database import MatchDatabase, Pair
from calotype.vision.sfm.features import FeatureSettings
from calotype.vision.sfm.georeference import fit_gps
from calotype.vision.sfm.judge import FRACTION_WANTED, Candidate, agreement, choose, doubts, share_explained
from calotype.vision.sfm.mapping import MapperName, MapperRun, calibrated_copy, order_of_mappers, run_mapper
from calotype.vision.sfm.matching import FeatureMethod, find_features, find_matches
from calotype.vision.sfm.model import read_model
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.pairs import EXHAUSTIVE_UP_TO, PREVIEW_SIZE, all_pairs, likely_pairs
from calotype.vision.sfm.photos import CameraGroup, Photo
from calotype.vision.sfm.report import AgreementReport, AttemptReport
from calotype.vision.sfm.retrieval import look_vectors
from calotype.vision.sfm.stopwatch import Stopwatch
from calotype.vision.sfm.world import estimate_up

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None, str], None]

# All pairs of more photos would take longer than everything else together; then twice the neighbours must do.
_ALL_PAIRS_AT_MOST = 200
_CONNECTING_ROUNDS = 2
_UNDER_WAY = "under way"


@dataclass(frozen=True)
class Rung:
    """One way of trying."""

    what: str
    exhaustive: bool
    breadth: int
    harder_features: bool
    loosened: bool


@dataclass(frozen=True)
class Attempt:
    """What one rung led to."""

    rung: Rung
    runs: tuple[MapperRun, ...]
    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    agreement: AgreementReport | None
    report: AttemptReport
    keypoints: Mapping[int, int]
    """Per image id."""
    matches: Mapping[Pair, int]
    """Consistent matches per pair."""
    failure: str = ""
    """The error that ended it, or all of its mappers; empty if it ended by itself."""

    @property
    def registered(self) -> int:
        return self.chosen.model.registered if self.chosen else 0


@dataclass(frozen=True)
class Job:
    """What all rungs share."""

    photos: Sequence[Photo]
    groups: Sequence[CameraGroup]
    options: SfmOptions
    method: FeatureMethod
    threads: int
    workdir: Path
    database: MatchDatabase
    progress: Progress
    saved: Callable[[], None]
    watch: Stopwatch


def rungs(options: SfmOptions, photos: int) -> list[Rung]:
    """What is tried, in order: as asked, then more pairs, more keypoints, looser thresholds."""
    exhaustive = options.matching == "exhaustive" or (
        options.matching == "auto" and photos <= EXHAUSTIVE_UP_TO
    )
    steps = [Rung("all pairs" if exhaustive else "likely pairs", exhaustive, 1, False, False)]
    if not options.retries:
        return steps
    if not exhaustive:
        every = photos <= _ALL_PAIRS_AT_MOST
        what = "all pairs" if every else "twice as many likely pairs"
        steps.append(Rung(what, every, 2, False, False))
    last = steps[-1]
    steps.append(Rung("more keypoints", last.exhaustive, last.breadth, True, False))
    steps.append(Rung("looser thresholds", last.exhaustive, last.breadth, True, True))
    return steps


def climb(job: Job) -> list[Attempt]:
    """The attempts made, in order; the last is not always the best. Stops at the first that places nine in ten photos.

    When the database holds keypoints of a harder rung, an earlier run was interrupted there: rungs before it have failed
    already, and are repeated only if one of them had placed more photos.
    """
    base = FeatureSettings(job.options.max_features, job.options.max_image_side, weights=job.method.weights)
    steps = rungs(job.options, len(job.photos))
    interrupted = job.database.settings() == base.harder()
    skipped = [rung for rung in steps if interrupted and not rung.harder_features]
    attempts: list[Attempt] = []
    for rung in steps[len(skipped) :]:
        attempts.append(_tried(job, rung, base.harder() if rung.harder_features else base))
        if attempts[-1].registered >= FRACTION_WANTED * len(job.photos):
            return attempts
    best = max((attempt.registered for attempt in attempts), default=0)
    for rung in reversed(skipped):
        if _registered_before(job, rung) > best:
            attempts.append(_tried(job, rung, base))
            break
    return attempts


def _tried(job: Job, rung: Rung, settings: FeatureSettings) -> Attempt:
    """What came of the rung; where COLMAP's errors ended it, an attempt without a model that says so."""
    try:
        return _try(job, rung, settings)
    except (ValueError, RuntimeError) as error:  # What COLMAP's bindings raise, and none of our own errors.
        log.warning("trying %s stopped: %s", rung.what, error)
        report = AttemptReport(
            what=rung.what,
            keypoints_per_photo=0,
            pairs=0,
            pairs_of_all=len(job.photos) * (len(job.photos) - 1) // 2,
            matched_pairs=0,
            registered=0,
            mapper="",
            reasons=[f"stopped with an error: {error}"],
        )
        return Attempt(rung, (), (), None, None, report, {}, {}, failure=str(error))


def _registered_before(job: Job, rung: Rung) -> int:
    """How many photos this rung placed in an earlier, interrupted run."""
    return int(job.database.state(f"registered by {rung.what}") or 0)


def _try(job: Job, rung: Rung, settings: FeatureSettings) -> Attempt:
    with job.watch.measure("keypoints"):
        find_features(job.method, job.database, job.photos, settings, job.threads, job.progress, job.saved)
    pairs = _matched(job, rung)
    with job.watch.measure("mapping"):
        runs, candidates = _map(job, rung)
    chosen, reasons = choose(candidates, len(job.photos)) if candidates else (None, ["no model was found"])
    stopped = [f"{run.mapper} mapping stopped with an error: {run.failure}" for run in runs if run.failure]
    keypoints, matches = job.database.feature_counts(), job.database.verified_matches()
    count = len(job.photos)
    job.database.set_state(f"registered by {rung.what}", str(chosen.model.registered if chosen else 0))
    report = AttemptReport(
        what=rung.what,
        keypoints_per_photo=round(sum(keypoints.values()) / max(1, count)),
        pairs=len(pairs),
        pairs_of_all=count * (count - 1) // 2,
        matched_pairs=len(matches),
        registered=chosen.model.registered if chosen else 0,
        mapper=chosen.run.mapper if chosen else "",
        reasons=[*reasons, *stopped],
    )
    both = agreement(candidates[0], candidates[1]) if len(candidates) == 2 else None
    failure = "; ".join(stopped) if len(stopped) == len(runs) else ""
    return Attempt(rung, tuple(runs), tuple(candidates), chosen, both, report, keypoints, matches, failure)


def _matched(job: Job, rung: Rung) -> list[Pair]:
    """Compare the pairs of this rung, then those that may tie loose photos to the rest; returns all of them."""
    if rung.exhaustive:
        pairs = all_pairs(len(job.photos))
        _compare(job, pairs)
        return pairs
    with job.watch.measure("choosing pairs"):
        previews = job.database.first_descriptors(PREVIEW_SIZE)
        vectors = look_vectors(previews, len(job.photos), job.options.seed)
        in_sequence = job.options.matching == "sequential"
        pairs = likely_pairs(job.photos, previews, vectors, in_sequence, job.progress, rung.breadth)
    _compare(job, pairs)
    for _ in range(_CONNECTING_ROUNDS):
        # What an interrupted run compared beyond these must not change what this one chooses.
        chosen = set(pairs)
        matches = {pair: n for pair, n in job.database.verified_matches().items() if pair in chosen}
        more = connecting_pairs(matches, chosen, vectors)
        if not more:
            break
        pairs += more
        _compare(job, pairs)
    return pairs


def _compare(job: Job, pairs: Sequence[Pair]) -> None:
    with job.watch.measure("matching"):
        find_matches(
            job.method,
            job.database,
            pairs,
            job.workdir,
            job.options.seed,
            job.threads,
            job.progress,
            job.saved,
        )


def _map(job: Job, rung: Rung) -> tuple[list[MapperRun], list[Candidate]]:
    """The mappers that were asked and the largest model of each; the second one only when the first leaves doubts."""
    count = len(job.photos)
    runs: list[MapperRun] = []
    candidates: list[Candidate] = []
    copy = calibrated_copy(job.database, job.workdir / "mapping.db", job.options.seed)
    for mapper in order_of_mappers(job.options.mapper):
        second = bool(runs)
        if second and candidates and job.options.mapper != "both" and not doubts(candidates[0], count):
            break
        run = _mapped(job, rung, mapper, copy)
        runs.append(run)
        if run.models:
            candidates.append(_candidate(job, run))
    return runs, candidates


def _mapped(job: Job, rung: Rung, mapper: MapperName, copy: MatchDatabase) -> MapperRun:
    """What the mapper finds. Where the process died in it before, it is left out: the other one's model must not be lost."""
    place = f"{mapper} mapping of {rung.what}"
    if job.database.state(place) == _UNDER_WAY:
        return MapperRun(mapper, (), 0.0, "the process died in it")
    job.database.set_state(place, _UNDER_WAY)
    try:
        seed = job.options.seed
        return run_mapper(
            mapper, copy, job.workdir, len(job.photos), rung.loosened, seed, job.threads, job.progress
        )
    finally:
        job.database.set_state(place, "left")


def _candidate(job: Job, run: MapperRun) -> Candidate:
    model = read_model(run.models[0], job.photos)
    geo = fit_gps(model.cameras, job.photos, estimate_up(model.cameras).direction)
    group_of = {name: group for group in job.groups for name in group.photos}
    priors = {
        frame.camera_id: focal_px
        for frame in model.cameras.frames
        if (focal_px := group_of[frame.name].focal_px) is not None
    }
    return Candidate(
        run, model, geo, priors, share_explained(model, job.photos, job.database.verified_matches())
    )
