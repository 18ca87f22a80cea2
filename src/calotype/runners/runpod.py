"""Work as a RunPod serverless worker: jobs become runs, stop signals arrive, and what was begun is never lost."""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

from calotype.contracts.splat_job import SplatJob, parse_scenes
from calotype.engine.events import Event, SourceProgress, StepDone, StepFailed, StepProgress, StepStarted
from calotype.errors import CalotypeError, InvalidParameter, MissingExtra, NoSpace
from calotype.runners.jobs import JobEnd, Jobs
from calotype.runners.stopping import Stop

log = logging.getLogger(__name__)

Output = dict[str, Any]
SendProgress = Callable[[dict[str, Any], Output], None]
"""Takes the job and what to tell about it; the SDK's `progress_update`."""

PROGRESS_EVERY_S = 1.0
_SETTLE_S = 0.5
_STOP_WITHIN_S = 60.0


def nothing(*_: Any) -> None:
    """Tell nobody."""


class RunpodHandler:
    """What the SDK calls with each job.

    The work is done in one thread that lives as long as the worker: so the event loop stays free for the platform's stop signals,
    and the worker processes, which end with the thread that started them, live on to the next job.
    """

    def __init__(
        self,
        jobs: Jobs,
        *,
        send_progress: SendProgress = nothing,
        deliver: Callable[[str], None] = nothing,
        emit: Callable[[Event], None] = nothing,
    ) -> None:
        """`deliver` is called with each run that has something in the outbox, before the job's result is handed over; `emit` sees
        all events."""
        self._jobs = jobs
        self._send_progress, self._deliver, self._emit = send_progress, deliver, emit
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._stops: set[Stop] = set()
        self._is_shutting_down = False
        self._before: Any = None
        """What SIGTERM did before we listened to it; None while we do not."""

    async def handle(self, job: dict[str, Any]) -> Output:
        """The job's output, with `error` where it failed: never a traceback.

        Raises CancelledError when the platform stops the job, and when the worker is shut down: no result is sent then, and the
        platform gives the job to another worker.
        """
        self._listen_for_shutdown()
        try:
            job_id = _id_of(job)
            scenes = await asyncio.to_thread(parse_scenes, job)  # Half a million addresses take seconds.
        except CalotypeError as error:
            return {"error": str(error)}
        stop = self._jobs.settings.stop()
        if self._is_shutting_down:
            stop.ask("shut down")
        self._stops.add(stop)
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._work, job, job_id, scenes, stop)
        try:
            ends, told_at = await asyncio.shield(work)
        except asyncio.CancelledError:
            stop.ask("cancelled")
            # The next job must not begin beside this one; what is finished is written down within seconds.
            done, _ = await asyncio.wait([work], timeout=_STOP_WITHIN_S)
            for one in done:
                one.exception()  # Looked at, so that asyncio does not complain that nobody did.
            raise
        except CalotypeError as error:  # It could not even be taken up.
            return {"error": str(error)}
        except Exception as error:  # The SDK would hand the traceback to the client.
            log.exception("job %s: an error of ours", job_id)
            said = f"An internal error ({type(error).__name__}); the worker's log says more."
            return {"error": said, "refresh_worker": True}
        finally:
            self._stops.discard(stop)
        if any(end.state == "interrupted" for end in ends):
            raise asyncio.CancelledError
        # An update that arrives after the result has left jobs stuck (runpod-python issue 250): the last one gets time to leave.
        await asyncio.sleep(max(0.0, told_at + _SETTLE_S - time.monotonic()))
        return output_of(ends)

    def _work(
        self, job: dict[str, Any], job_id: str, scenes: Sequence[SplatJob], stop: Stop
    ) -> tuple[tuple[JobEnd, ...], float]:
        """How the scenes ended, and when progress was told last."""
        progress = Progress(lambda told: self._send_progress(job, told))

        def emit(event: Event) -> None:
            progress.tell(event)
            self._emit(event)

        ends = self._jobs.carry_out_scenes(job_id, scenes, stop=stop, emit=emit)
        for scene, end in zip(scenes, ends, strict=True):
            if scene.webhook_url and end.state != "interrupted":
                self._try_to_deliver(end.result.run)
        return ends, progress.told_at

    def _try_to_deliver(self, run: str) -> None:
        try:
            self._deliver(run)
        except CalotypeError as error:  # It stays in the outbox: the job's result must not be lost for it.
            log.warning("run %s: its webhook could not be sent now and waits in the store: %s", run, error)

    def _listen_for_shutdown(self) -> None:
        """Have SIGTERM stop running jobs before the SDK's own handler, which would wait for them to end, does its part."""
        if self._before is None and threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._shut_down) or signal.SIG_DFL

    def _shut_down(self, number: int, frame: FrameType | None) -> None:
        self._is_shutting_down = True
        is_idle = not self._stops
        for stop in tuple(self._stops):
            stop.ask("shut down")
        if callable(self._before):
            self._before(number, frame)
        elif self._before == signal.SIG_DFL and is_idle:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    def close(self) -> None:
        """End the worker processes, in the thread that they belong to, then that thread; SIGTERM does what it did before."""
        self._thread.submit(self._jobs.bench.close).result()
        self._thread.shutdown()
        if self._before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._before)
            self._before = None


class Progress:
    """Tells how far a job is, at most once a second: what comes in between is dropped."""

    def __init__(self, send: Callable[[Output], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._clock = clock
        self.told_at = float("-inf")
        """When it told something last, in seconds of the clock."""

    def tell(self, event: Event) -> None:
        now = self._clock()
        if now - self.told_at < PROGRESS_EVERY_S or (told := progress_of(event)) is None:
            return
        self.told_at = now
        self._send(told)


def progress_of(event: Event) -> Output | None:
    """What an event says of a job's progress; None where it says nothing of it."""
    match event:
        case SourceProgress():
            return {"step": "download", "done": event.done, "total": event.total}
        case StepStarted():
            return {"step": event.step, "done": event.known, "total": None, "note": "started"}
        case StepProgress():
            return {"step": event.step, "done": event.done, "total": event.total, "note": event.note}
        case StepDone():
            return {"step": event.step, "note": "done"}
        case StepFailed():
            return {"step": event.step, "note": "stopped" if event.error == "Cancelled" else "failed"}
        case _:
            return None


def output_of(ends: Sequence[JobEnd]) -> Output:
    """What the platform is handed: the result, or `scenes` with one result each; `error` where something failed.

    `refresh_worker` only where the next job would meet the same trouble here and not in a fresh container: the disk is full, or
    an error of ours left the process in a state that nobody has thought of.
    """
    results = [end.result.model_dump(mode="json") for end in ends]
    output: Output = results[0] if len(ends) == 1 else {"scenes": results}
    failed = [end for end in ends if end.state != "completed"]
    if len(ends) > 1 and failed:
        first = failed[0].result
        output["error"] = f"{len(failed)} of {len(ends)} scenes failed. {first.project_id}: {first.error}"
    if any(end.error == NoSpace.__name__ or end.is_our_fault for end in failed):
        output["refresh_worker"] = True
    return output


def _id_of(job: dict[str, Any]) -> str:
    job_id = job.get("id")
    if not isinstance(job_id, str):
        raise InvalidParameter("The job has no id.")
    return job_id


def serverless() -> Any:
    """The SDK's part for workers. Raises MissingExtra where it is not installed."""
    try:
        return importlib.import_module("runpod.serverless")
    except ImportError as error:
        raise MissingExtra(
            "A RunPod worker needs the RunPod SDK: pip install 'calotype[runpod]'. Without it, `--test-input FILE` runs one job."
        ) from error


def run_once(handler: RunpodHandler, job: dict[str, Any]) -> Output:
    """The output of one job, without the SDK."""
    try:
        return asyncio.run(handler.handle(job))
    finally:
        handler.close()


def read_test_input(path: Path) -> dict[str, Any]:
    """The job in a `test_input.json`, called `local_test` where it has no id. Raises InvalidParameter where there is none."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidParameter(f"{path} cannot be read as a job: {error}.") from error
    if not isinstance(body, dict):
        raise InvalidParameter(f'{path} must hold an object with the job under "input".')
    return {"id": "local_test", **body}
