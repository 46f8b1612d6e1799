"""Why there is no usable Pulumi engine."""


class EngineError(Exception):
    """No usable engine; the message says what to do."""


class NoEngine(EngineError):
    """There is neither `pulumi` nor `go`."""


class EngineTooOld(EngineError):
    """The user's own `pulumi` is older than our programs require."""


class EngineBuildFailed(EngineError):
    """Go could not build the engine; the message ends with the tail of its output."""
