"""A service as one value: the session it works in, the desk that takes runs on, the lane that carries them."""

from __future__ import annotations

import threading

from calotype.contracts.splat_job import pipeline_of as splat_pipeline
from calotype.runners.jobs import Plan
from calotype.runners.notices import RunNotices, notice_policy
from calotype.runners.sending import Sender
from calotype.runners.session import Session
from calotype.runners.signing import SigningSecrets
from calotype.service.desk import Desk
from calotype.service.job_work import JobWork
from calotype.service.lane import Lane
from calotype.service.results import ResultShelf
from calotype.service.settings import ServiceSettings
from calotype.service.uploads import Uploads


class Service:
    """What the API's routes work with. `start` begins to carry runs, `ask_to_stop` and `close` end it."""

    def __init__(
        self,
        session: Session,
        settings: ServiceSettings,
        secrets: SigningSecrets | None = None,
        plan: Plan = splat_pipeline,
    ) -> None:
        """`secrets` sign webhooks; `plan` makes the pipeline of a client's job."""
        self.session = session
        self.settings = settings
        self.uploads = Uploads(session)
        self.desk = Desk(session, settings, self.uploads)
        self.jobs = JobWork(session, self.desk, settings, plan)
        self.lane = Lane(session, self.desk, self.jobs, self.uploads, settings)
        self.results = ResultShelf(session)
        self._sender = Sender(
            session,
            webhooks=settings.jobs.webhooks(),
            secrets=secrets,
            notices=notice_policy(settings.told),
            note=RunNotices(session, settings.told).look,
        )
        self._stopping = threading.Event()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        """Take up what an earlier service left, then whatever comes; send what waits in the outbox."""
        self.desk.restore()
        self.lane.start()
        self._sender.start()

    def ask_to_stop(self) -> None:
        """Begin to stop, returning at once: streams of events end, and what runs keeps what it has."""
        self._stopping.set()
        self.lane.ask_to_stop()

    def close(self) -> None:
        """Stop, and wait until what runs has been put back into the queue."""
        self.ask_to_stop()
        self.lane.stop()
        self._sender.close()
