"""A RunPod worker as `calotype worker runpod` makes it, with a quick pipeline instead of a splat: run as a program.

Arguments: the store, the port of the site whose URLs jobs may name, a trace file, a gate file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.runners.job_stages import Tally

from calotype.artifacts import Report
from calotype.contracts.splat_job import SplatJob
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.runners.bench import Bench
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import Jobs
from calotype.runners.runpod import RunpodHandler, serverless
from calotype.runners.session import Session
from calotype.storage.web_policy import AllowedHosts


def main() -> None:
    store, port, trace, gate = sys.argv[1:5]
    sys.argv = sys.argv[:1]

    def plan(job: SplatJob, folder: Path, iterations: int) -> tuple[PipelineSpec, dict[str, str]]:
        pipeline = Pipeline("sum")
        numbers = pipeline.source("photos", Report)
        waits_at = gate if job.project_id == "slow" else ""
        made = pipeline.add(Tally(trace=trace, gate=waits_at), step="make", numbers=numbers)
        pipeline.publish("scene.ply", made.report, label="splat")
        return pipeline.build(), {"photos": " ".join(job.image_urls)}

    session = Session(store, os.environ)
    settings = JobSettings(private=AllowedHosts.parse(f"127.0.0.1:{port}"))
    sdk = serverless()
    handler = RunpodHandler(
        Jobs(session, Bench(session), settings, plan=plan), send_progress=sdk.progress_update
    )
    sdk.start({"handler": handler.handle})
    handler.close()
    session.close()


if __name__ == "__main__":
    main()
