"""A client's splat job, carried out from Python: given again under its id, it answers at once."""

import json
import os
import sys

from calotype.contracts.splat_job import SplatJob
from calotype.runners.bench import Bench
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import Jobs
from calotype.runners.session import Session

if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(f"usage: python {sys.argv[0]} STORE JOB_ID JOB.json")
    store, job_id, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        job = SplatJob.parse(json.load(file))
    settings = JobSettings.from_environment(os.environ)
    session = Session(store)
    bench = Bench(session)
    end = Jobs(session, bench, settings).carry_out(job_id, job, stop=settings.stop())
    bench.close()
    session.close()
    print(f"{end.state}: {end.result.model_dump_json(exclude_none=True)}")
