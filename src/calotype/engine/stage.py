"""The contract: a stage is a frozen value whose fields are its parameters and whose `run` is its wiring."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class SpeedOnlyMarker:
    """Marks a parameter that cannot change the output beyond the golden test's tolerance: it stays out of the key."""


SpeedOnly = Annotated[T, SpeedOnlyMarker()]
"""`threads: SpeedOnly[int] = 0`: a parameter that changes how fast, not what."""


class Resources(BaseModel):
    """What a stage needs from the machine it runs on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    gpu: int = 0
    vram_gb: float = 0.0
    memory_gb: float = 1.0
    whole_machine: bool = False
    """Uses all cores by itself: nothing else is scheduled beside it."""
    image: str = "core"
    """Which container image holds its libraries."""


class Workload(BaseModel):
    """What a run is about to work on, as far as it is known before it starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    photos: int
    megapixels: float
    """Mean per photo."""
    long_side: int
    """Largest width or height in pixels."""
    gigabytes: float
    """Of all source files together."""


class Cost(BaseModel):
    """What a step will take: an estimate, meant to be right within a factor of two."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seconds: float = 0.0
    memory_gb: float = 0.0
    """At its peak, above the libraries themselves."""
    disk_gb: float = 0.0
    """Store and scratch together."""


class Stage(BaseModel):
    """A function from artifacts to artifacts. Subclasses set `version`, declare parameters as fields, and write
    `run(self, ctx, ...)`, whose annotations (`Each`, `All`, kinds, `PerItem`, `Results`) are the wiring."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_default=True
    )

    version: ClassVar[str]
    """Bumped by hand when the output changes for the same inputs."""
    resources: ClassVar[Resources] = Resources()

    def key_parameters(self) -> dict[str, Any]:
        """The parameters that enter the key, as JSON values: all but those marked `SpeedOnly`."""
        return self.model_dump(mode="json", exclude=self.speed_only_names())

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """What this stage will cost for such a workload on so many cores. Stages that take long say so here."""
        return Cost()

    def tolerated_rejections(self) -> float:
        """The largest share of items, 0 to 1, that an `Each` stage may decline; more fails the step, and nothing is lost."""
        return 1.0

    @classmethod
    def speed_only_names(cls) -> set[str]:
        return {
            name
            for name, field in cls.model_fields.items()
            if any(isinstance(extra, SpeedOnlyMarker) for extra in field.metadata)
        }
