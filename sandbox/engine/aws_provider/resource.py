"""What a resource type must be able to do, whatever the type."""

from dataclasses import dataclass
from typing import Protocol

from sandbox.engine.aws_provider.properties import Properties
from sandbox.engine.aws_provider.shape import Failure, Shape


@dataclass(frozen=True, slots=True)
class Checked:
    """`inputs` are the given ones with defaults filled in."""

    inputs: Properties
    failures: list[Failure]
    warnings: list[Failure]


@dataclass(frozen=True, slots=True)
class Declared:
    """What else is known of a resource that is checked; `prior` are its inputs in the state."""

    name: str
    seed: bytes
    region: str | None
    prior: Properties


@dataclass(frozen=True, slots=True)
class Live:
    """What was found: the state, and the inputs that would make it."""

    id: str
    state: Properties
    inputs: Properties


class Resource(Protocol):
    """Errors are raised as `ResourceError`, with the message a user reads."""

    token: str
    inputs: Shape
    outputs: Shape

    def check(self, inputs: Properties, declared: Declared) -> Checked: ...

    def normal(self, inputs: Properties) -> Properties:
        """The form in which two inputs that mean the same are equal."""

    def expected(self, inputs: Properties) -> Properties:
        """The state that a preview shows; what only AWS can say is left out."""

    def create(self, inputs: Properties, timeout: float | None) -> Live: ...

    def update(self, inputs: Properties, state: Properties, timeout: float | None) -> Properties:
        """The new state."""

    def read(self, id: str, state: Properties, inputs: Properties) -> Live | None:
        """None where it is gone; state and inputs are empty on import."""

    def delete(self, state: Properties) -> None: ...


class ResourceError(Exception):
    """What the engine prints."""
