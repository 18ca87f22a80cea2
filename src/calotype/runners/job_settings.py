"""What a worker's operator decides about jobs: how long they train and may take, and which private hosts they may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from calotype.contracts.splat_job import MEDIUM_ITERATIONS
from calotype.errors import ConfigurationError
from calotype.runners.stopping import Stop
from calotype.storage.web_policy import UPLOADS, WEBHOOKS, AllowedHosts, FetchPolicy

JOB_HOSTS = "CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS"
DEFAULT_TIMEOUT_S = 3600.0
_LEAST_S = 1.0
_HINT = f"If it is yours, name it in the worker's setting {JOB_HOSTS}."


@dataclass(frozen=True)
class JobSettings:
    """Settings that hold for every job of a worker."""

    iterations: int = MEDIUM_ITERATIONS
    """`ITERATIONS`: training iterations of jobs that ask for none."""
    timeout_s: float | None = DEFAULT_TIMEOUT_S
    """`MAX_TIMEOUT`: seconds that a job may take; None for no limit."""
    private: AllowedHosts = field(default_factory=AllowedHosts)
    """`CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS`: private hosts that URLs in a job may lead to, such as one's own MinIO."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> JobSettings:
        """The settings in these variables. Raises ConfigurationError, which names the variable."""
        iterations = _number(environment, "ITERATIONS", MEDIUM_ITERATIONS)
        if iterations != int(iterations):
            raise ConfigurationError(f"ITERATIONS={environment['ITERATIONS']!r} is no whole number.")
        try:
            private = AllowedHosts.parse(environment.get(JOB_HOSTS, ""))
        except ConfigurationError as error:
            raise ConfigurationError(f"{JOB_HOSTS}: {error}") from error
        return cls(int(iterations), _number(environment, "MAX_TIMEOUT", DEFAULT_TIMEOUT_S), private)

    def stop(self) -> Stop:
        """What ends a job that begins now when its time is over."""
        return Stop(self.timeout_s)

    def fetching(self, stop: Stop) -> FetchPolicy:
        """What the URLs of a job's photos may reach, in the time that the job has left."""
        return self._within(FetchPolicy(), stop)

    def sending(self, stop: Stop) -> FetchPolicy:
        """What a job's upload URL may reach, in the time that the job has left."""
        return self._within(UPLOADS, stop)

    def webhooks(self) -> FetchPolicy:
        """What a job's webhook may reach."""
        return replace(WEBHOOKS, private=self.private, private_hint=_HINT)

    def _within(self, rules: FetchPolicy, stop: Stop) -> FetchPolicy:
        left = max(_LEAST_S, min(rules.total_s, stop.remaining_s))
        return replace(rules, private=self.private, private_hint=_HINT, total_s=left)


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 1 <= value <= 1e9:
        raise ConfigurationError(f"{name}={text[:40]!r} is no number of at least 1.")
    return value
