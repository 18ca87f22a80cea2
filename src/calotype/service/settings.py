"""What the operator of a service decides: how much a client may ask, and from where it may bring photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from calotype.errors import ConfigurationError, InvalidParameter
from calotype.runners.job_settings import JobSettings
from calotype.runners.notices import run_webhooks
from calotype.runners.stopping import Stop
from calotype.storage.names import valid_prefix
from calotype.storage.web_policy import FetchPolicy

SOURCES = "CALOTYPE_SERVICE_SOURCES"
BODY_MB = "CALOTYPE_SERVICE_BODY_MB"
UPLOAD_MB = "CALOTYPE_SERVICE_UPLOAD_MB"
RATE = "CALOTYPE_SERVICE_RATE"


@dataclass(frozen=True)
class ServiceSettings:
    """Settings of `calotype serve`."""

    sources: tuple[str, ...] = ()
    """`CALOTYPE_SERVICE_SOURCES`: bucket prefixes that clients may name as inputs."""
    body_bytes: int = 10 << 20
    """`CALOTYPE_SERVICE_BODY_MB`: largest body of a request."""
    body_s: float = 60.0
    """Longest time in which a body must have arrived."""
    upload_bytes: int = 1 << 30
    """`CALOTYPE_SERVICE_UPLOAD_MB`: largest file of an upload."""
    upload_s: float = 3600.0
    """Longest time in which a file must have arrived."""
    per_second: float = 20.0
    """`CALOTYPE_SERVICE_RATE`: requests per second and key, with room for ten seconds' worth at once."""
    told: tuple[str, ...] = ()
    """`CALOTYPE_RUN_WEBHOOKS`: the operator's webhooks, told how every run ends."""
    jobs: JobSettings = field(default_factory=JobSettings)
    """What URLs of clients may reach: `CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS`."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ServiceSettings:
        """The settings in these variables. Raises ConfigurationError, which names the variable."""
        sources = tuple(_source(one) for one in environment.get(SOURCES, "").split())
        megabytes = _number(environment, BODY_MB, cls.body_bytes / 2**20)
        upload = _number(environment, UPLOAD_MB, cls.upload_bytes / 2**20)
        rate = _number(environment, RATE, cls.per_second)
        return cls(
            sources=sources,
            body_bytes=int(megabytes * 2**20),
            upload_bytes=int(upload * 2**20),
            per_second=rate,
            told=run_webhooks(environment),
            jobs=JobSettings.from_environment(environment),
        )

    def fetching(self, stop: Stop) -> FetchPolicy:
        """What the URLs of a run's photos may reach."""
        return self.jobs.fetching(stop)

    def opened(self, prefix: str) -> str:
        """The bucket prefix, if it lies below one that clients may read; InvalidParameter otherwise."""
        for source in self.sources:
            bare = source.rstrip("/")
            if prefix.rstrip("/") == bare:
                return prefix
            if prefix.startswith(f"{bare}/"):
                valid_prefix(prefix.removeprefix(f"{bare}/"))
                return prefix
        raise InvalidParameter(
            f"{prefix[:200]!r} is no bucket prefix that this service reads for clients. Its operator can open one with the setting "
            f"{SOURCES}."
        )


def _source(text: str) -> str:
    if not text.startswith("s3://") or not text.removeprefix("s3://").strip("/"):
        raise ConfigurationError(f"{SOURCES}: {text!r} is no bucket prefix; write s3://bucket/prefix.")
    return text


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0.01 <= value <= 1e6:
        raise ConfigurationError(f"{name}={text[:40]!r} is no number of at least 0.01.")
    return value
