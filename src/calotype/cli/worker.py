"""`calotype worker runpod`: take jobs from a platform and carry them out, one after the other."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from calotype.cli.flags import DEFAULT_STORE, StoreFlag
from calotype.cli.progress import watching
from calotype.cli.results import print_json
from calotype.cli.terminal import tell
from calotype.errors import EXIT_CONFIGURATION, EXIT_OK, InvalidParameter
from calotype.runners.bench import Bench
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import Jobs
from calotype.runners.runpod import RunpodHandler, read_test_input, run_once, serverless
from calotype.runners.sending import Sender
from calotype.runners.session import Session
from calotype.runners.settings import is_store
from calotype.runners.signing import SigningSecrets

EXIT_TERMINATED = 143
_WEBHOOK_PATIENCE_S = 10.0
"""How long a job's result waits for its webhook to be taken, a second attempt included. Later ones come from the store."""
_PLATFORM = "RUNPOD_WEBHOOK_GET_JOB"
_VOLUME = "/runpod-volume"
_TEST_INPUT = Path("test_input.json")

app = App(name="worker", help="Take jobs from a platform and carry them out.")


@app.command(name="runpod")
def runpod_worker(
    *,
    test_input: Annotated[
        Path | None,
        Parameter(
            help="Carry out the one job in this file and print its result; needs neither RunPod nor its SDK."
        ),
    ] = None,
    api_port: Annotated[
        int, Parameter(help="Serve the SDK's own test API on this port instead of taking jobs from RunPod.")
    ] = 0,
    store: StoreFlag = DEFAULT_STORE,
) -> int:
    """Work as a RunPod serverless worker for splat jobs.

    Inside RunPod it takes jobs from its endpoint. Elsewhere it carries out the job in `test_input.json` of this folder, on a CPU
    too. Settings: ITERATIONS, MAX_TIMEOUT (seconds per job), TEMP_DIR, CALOTYPE_STORE (a bucket, or a folder of a network volume,
    so that a job that was cut off goes on on any worker).
    """
    environment = worker_environment(os.environ, store)
    if test_input is None and not api_port and _PLATFORM not in os.environ:
        if not _TEST_INPUT.exists():
            raise InvalidParameter(
                "This is no RunPod worker, and there is no test_input.json here. Give --test-input FILE, or --api-port PORT."
            )
        test_input = _TEST_INPUT
    job = None if test_input is None else read_test_input(test_input)
    settings = JobSettings.from_environment(environment)
    secrets = SigningSecrets.from_environment(environment)
    sdk = None if job is not None else serverless()
    is_store(store)  # Says so where the folder is somebody else's.
    session = Session(store, environment)
    sender = Sender(session, webhooks=settings.webhooks(), secrets=secrets)
    jobs = Jobs(session, Bench(session), settings)

    def deliver(run: str) -> None:
        sender.send_all(run, patience_s=_WEBHOOK_PATIENCE_S)

    try:
        if sdk is None:
            assert job is not None
            return _once(jobs, job, deliver)
        _log_to_stderr()
        # What earlier workers could not send is sent beside the jobs.
        sender.start(threads=1)
        # The SDK reads the command line, too; it must see its own flags only.
        api = ["--rp_serve_api", "--rp_api_host", "127.0.0.1", "--rp_api_port", str(api_port)]
        sys.argv = [sys.argv[0], *(api if api_port else [])]
        with watching() as show:
            handler = RunpodHandler(jobs, send_progress=sdk.progress_update, deliver=deliver, emit=show)
            sdk.start({"handler": handler.handle})
            handler.close()
        return EXIT_OK
    finally:
        sender.close()
        session.close()


def _once(jobs: Jobs, job: dict[str, object], deliver: Callable[[str], None]) -> int:
    with watching() as show:
        try:
            output = run_once(RunpodHandler(jobs, deliver=deliver, emit=show), job)
        except asyncio.CancelledError:
            tell("calotype: stopped; the same job goes on from here when it is given again.\n")
            return EXIT_TERMINATED
    print_json(output)
    return EXIT_CONFIGURATION if output.get("error") else EXIT_OK


def worker_environment(given: Mapping[str, str], store: str) -> dict[str, str]:
    """The environment with `TEMP_DIR` as scratch. Inside RunPod the catalog lies there, too: a network volume can hold none."""
    environment = dict(given)
    if temporary := environment.get("TEMP_DIR"):
        environment.setdefault("NVME_ROOT", str(Path(temporary) / "calotype"))
    if _PLATFORM in environment:
        root = Path(environment.get("NVME_ROOT") or "/tmp/calotype")
        environment.setdefault("NVME_ROOT", str(root))
        environment.setdefault("CALOTYPE_CATALOG", f"sqlite:///{root.absolute()}/worker.sqlite")
        if "://" not in store and not Path(store).absolute().is_relative_to(_VOLUME):
            tell(
                f"warning: {store} ends with this worker, and with it what jobs that are cut off have finished. Set CALOTYPE_STORE "
                f"to a bucket, or to a folder below {_VOLUME}.\n"
            )
    return environment


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
