"""Says something to the user, through the engine."""

import grpc
from google.protobuf import empty_pb2

_TIMEOUT = 5.0


class EngineLog:
    """The connection is made with the first message: most runs have none."""

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._channel: grpc.Channel | None = None

    def warn(self, urn: str, message: str) -> None:
        from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

        if not self._address:
            return
        if self._channel is None:
            self._channel = grpc.insecure_channel(self._address)
        request = engine_pb2.LogRequest(
            severity=engine_pb2.WARNING, message=message, urn=urn, streamId=0, ephemeral=False
        )
        response = engine_pb2_grpc.EngineStub(self._channel).Log(request, timeout=_TIMEOUT)
        assert isinstance(response, empty_pb2.Empty)
