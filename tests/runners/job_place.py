"""Where tests of jobs have them done: workers that add up numbers which a site serves, instead of making a splat."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.runners.job_stages import Tally
from tests.storage.hostile_server import Site

from calotype.artifacts import Report
from calotype.contracts.splat_job import SplatJob
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.runners.bench import Bench
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import Jobs
from calotype.runners.session import Session
from calotype.storage.web_policy import AllowedHosts


@dataclass
class Place:
    """Where jobs are done: a folder, opened as often as there are workers."""

    folder: Path
    site: Site
    stage: Callable[[], Tally] = Tally
    opened: list[Jobs] = field(default_factory=list)

    def worker(self, url: str = "", environment: Mapping[str, str] | None = None) -> Jobs:
        """A worker as on another machine: a catalog and scratch of its own, the store in common."""
        name = uuid.uuid4().hex
        own = {
            "NVME_ROOT": str(self.folder / name),
            "CALOTYPE_CATALOG": f"sqlite:///{self.folder / name}.sqlite",
        }
        session = Session(url or self.folder / "store", {**own, **(environment or {})})
        settings = JobSettings(private=AllowedHosts.parse(f"127.0.0.1:{self.site.port}"))
        self.opened.append(Jobs(session, Bench(session), settings, plan=self.plan))
        return self.opened[-1]

    def plan(self, job: SplatJob, folder: Path, iterations: int) -> tuple[PipelineSpec, dict[str, str]]:
        """A quick pipeline instead of a splat: the sum of the numbers that the URLs hold."""
        pipeline = Pipeline("sum")
        made = pipeline.add(self.stage(), step="make", numbers=pipeline.source("photos", Report))
        pipeline.publish("scene.ply", made.report, label="splat")
        return pipeline.build(), {"photos": " ".join(job.image_urls)}

    def body(self, **changes: object) -> dict[str, Any]:
        """A job as a client sends it."""
        urls = [self.url(f"/{number}.json") for number in range(6)]
        return {"id": "job-1", "input": {"project_id": "chair", "image_urls": urls, **changes}}

    def job(self, **changes: object) -> SplatJob:
        return SplatJob.parse(self.body(**changes))

    def url(self, path: str) -> str:
        return self.site.url(path, host="127.0.0.1")
