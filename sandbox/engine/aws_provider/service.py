"""The provider as the engine calls it: gRPC requests → resources → responses."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeVar

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as proto

from sandbox.engine.aws_provider import config_shape, schema, waiting
from sandbox.engine.aws_provider.bucket import Bucket
from sandbox.engine.aws_provider.credentials import Account, Refused
from sandbox.engine.aws_provider.differ import Change, Difference, differences
from sandbox.engine.aws_provider.engine_log import EngineLog
from sandbox.engine.aws_provider.lifecycle import LifecycleConfiguration
from sandbox.engine.aws_provider.properties import (
    UNKNOWN,
    Properties,
    contains_unknown,
    from_struct,
    text_of,
    to_struct,
)
from sandbox.engine.aws_provider.resource import Declared, Resource, ResourceError
from sandbox.engine.serve import Plugin

VERSION = "7.51.1"
"""Of the SDK whose behaviour is imitated; the engine compares it with what programs ask for."""


def plugin(engine: str | None) -> Plugin:
    provider = AwsProvider(engine, os.environ)

    def add_to(server: grpc.Server) -> None:
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)

    return Plugin(add_to=add_to, stop=provider.stop)


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """One per provider resource of a program: the engine starts a process for each."""

    def __init__(self, engine: str | None, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._log = EngineLog(engine)
        self._stopped = threading.Event()
        self._resources: dict[str, Resource] = {}
        self._region: str | None = None

    def stop(self) -> None:
        self._stopped.set()

    def Handshake(
        self, request: proto.ProviderHandshakeRequest, _context: grpc.ServicerContext
    ) -> proto.ProviderHandshakeResponse:
        self._log = EngineLog(request.engine_address)
        return proto.ProviderHandshakeResponse()

    def Attach(
        self, request: plugin_pb2.PluginAttach, _context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        self._log = EngineLog(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(
        self, _request: empty_pb2.Empty, _context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(
        self, _request: proto.GetSchemaRequest, _context: grpc.ServicerContext
    ) -> proto.GetSchemaResponse:
        package = schema.package(VERSION, (LifecycleConfiguration, Bucket))
        return proto.GetSchemaResponse(schema=json.dumps(package))

    def Cancel(self, _request: empty_pb2.Empty, _context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.stop()
        return empty_pb2.Empty()

    def CheckConfig(
        self, request: proto.CheckRequest, _context: grpc.ServicerContext
    ) -> proto.CheckResponse:
        config = config_shape.decoded(from_struct(request.news))
        failed = config_shape.failures(config)
        reasons = [
            f"could not validate provider configuration: {one.text(_name(request.urn))}"
            for one in failed
        ]
        return proto.CheckResponse(inputs=request.news, failures=_failures(reasons))

    def DiffConfig(
        self, request: proto.DiffRequest, _context: grpc.ServicerContext
    ) -> proto.DiffResponse:
        """Nothing about a provider replaces its resources: their own `region` does."""
        old = config_shape.decoded(from_struct(request.old_inputs) or from_struct(request.olds))
        new = config_shape.decoded(from_struct(request.news))
        return _diff_response(differences(old, new, config_shape.SHAPE))

    def Configure(
        self, request: proto.ConfigureRequest, context: grpc.ServicerContext
    ) -> proto.ConfigureResponse:
        config = config_shape.decoded(from_struct(request.args))
        if not contains_unknown(config):
            account = Account(config_shape.read(config, self._environment))
            try:
                account.admit()
                wait = waiting.parse(self._environment.get(waiting.VARIABLE, ""))
            except (Refused, ValueError) as error:
                _abort(context, str(error))
            self._region = account.config.region
            for resource in (
                LifecycleConfiguration(account, wait, self._stopped),
                Bucket(account),
            ):
                self._resources[resource.token] = resource
        return proto.ConfigureResponse(supportsPreview=True)

    def Check(
        self, request: proto.CheckRequest, context: grpc.ServicerContext
    ) -> proto.CheckResponse:
        name = _name(request.urn)
        prior = from_struct(request.olds)
        declared = Declared(name, request.randomSeed, self._region, prior)
        checked = self._resource(request.urn, context).check(from_struct(request.news), declared)
        for warning in checked.warnings:
            words = f'[WARNING] property "{text_of(warning.path)}": {warning.reason}'
            self._log.warn(request.urn, words)
        reasons = [failure.text(name) for failure in checked.failures]
        return proto.CheckResponse(inputs=to_struct(checked.inputs), failures=_failures(reasons))

    def Diff(self, request: proto.DiffRequest, context: grpc.ServicerContext) -> proto.DiffResponse:
        resource = self._resource(request.urn, context)
        old = from_struct(request.old_inputs) or from_struct(request.olds)
        new = from_struct(request.news)
        found = differences(resource.normal(old), resource.normal(new), resource.inputs)
        ignored = set(request.ignoreChanges)
        return _diff_response([one for one in found if not _is_ignored(one, ignored)])

    def Create(
        self, request: proto.CreateRequest, context: grpc.ServicerContext
    ) -> proto.CreateResponse:
        resource = self._resource(request.urn, context)
        inputs = from_struct(request.properties)
        if request.preview:
            return proto.CreateResponse(properties=_previewed(resource, inputs))
        live = _told(context, lambda: resource.create(inputs, request.timeout or None))
        return proto.CreateResponse(id=live.id, properties=to_struct(live.state))

    def Read(self, request: proto.ReadRequest, context: grpc.ServicerContext) -> proto.ReadResponse:
        resource = self._resource(request.urn, context)
        state, inputs = from_struct(request.properties), from_struct(request.inputs)
        live = _told(context, lambda: resource.read(request.id, state, inputs))
        if live is None:
            return proto.ReadResponse()
        return proto.ReadResponse(
            id=live.id, properties=to_struct(live.state), inputs=to_struct(live.inputs)
        )

    def Update(
        self, request: proto.UpdateRequest, context: grpc.ServicerContext
    ) -> proto.UpdateResponse:
        resource = self._resource(request.urn, context)
        inputs, state = from_struct(request.news), from_struct(request.olds)
        if request.preview:
            return proto.UpdateResponse(properties=_previewed(resource, inputs))
        timeout = request.timeout or None
        new_state = _told(context, lambda: resource.update(inputs, state, timeout))
        return proto.UpdateResponse(properties=to_struct(new_state))

    def Delete(
        self, request: proto.DeleteRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        resource = self._resource(request.urn, context)
        _told(context, lambda: resource.delete(from_struct(request.properties)))
        return empty_pb2.Empty()

    def _resource(self, urn: str, context: grpc.ServicerContext) -> Resource:
        token = urn.split("::")[2].rpartition("$")[2]
        if token not in self._resources:
            _abort(context, f"the sandbox's AWS provider has no `{token}`: see its README.md")
        return self._resources[token]


_Result = TypeVar("_Result")


def _told(context: grpc.ServicerContext, work: Callable[[], _Result]) -> _Result:
    try:
        return work()
    except ResourceError as error:
        _abort(context, str(error))


def _abort(context: grpc.ServicerContext, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort raises")


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _previewed(resource: Resource, inputs: Properties) -> struct_pb2.Struct:
    unsaid = dict.fromkeys(resource.outputs.fields.keys() - {"timeouts"}, UNKNOWN)
    known = resource.expected(inputs)
    required = {
        key: value for key, value in unsaid.items() if resource.outputs.fields[key].required
    }
    return to_struct(required | known)


def _failures(reasons: list[str]) -> list[proto.CheckFailure]:
    # The bridge leaves `property` empty as well: with it the CLI words the failure differently.
    return [proto.CheckFailure(reason=reason) for reason in reasons]


def _is_ignored(difference: Difference, ignored: set[str]) -> bool:
    path = text_of(difference.path)
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in ignored)


def _diff_response(found: list[Difference]) -> proto.DiffResponse:
    if not found:
        return proto.DiffResponse(changes=proto.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    return proto.DiffResponse(
        changes=proto.DiffResponse.DIFF_SOME,
        diffs=sorted({str(one.path[0]) for one in found}),
        replaces=sorted({str(one.path[0]) for one in found if one.replaces}),
        detailedDiff={text_of(one.path): _kind(one) for one in found},
        hasDetailedDiff=True,
    )


def _kind(difference: Difference) -> proto.PropertyDiff:
    plain, replacing = _KINDS[difference.change]
    return proto.PropertyDiff(kind=replacing if difference.replaces else plain, inputDiff=True)


_KINDS = {
    Change.ADD: (proto.PropertyDiff.ADD, proto.PropertyDiff.ADD_REPLACE),
    Change.DELETE: (proto.PropertyDiff.DELETE, proto.PropertyDiff.DELETE_REPLACE),
    Change.UPDATE: (proto.PropertyDiff.UPDATE, proto.PropertyDiff.UPDATE_REPLACE),
}
