"""Stand-in for `pulumi-language-python`: runs Python programs and policy packs for the engine.

What it does was read from pulumi/pulumi, sdk/python/cmd/pulumi-language-python/main.go. It knows
virtual environments and the ambient Python (not poetry or uv), and generates no code.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2 as proto
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from sandbox.engine import pythons
from sandbox.engine.children import Children
from sandbox.engine.own_build import EXECUTOR, engine_folder
from sandbox.engine.serve import Plugin

ALREADY_REPORTED = 32
"""The exit code with which the executor says: the user has seen the error."""


def plugin(engine: str | None) -> Plugin:
    host = LanguageHost(engine, Path(__file__).resolve().parents[2])

    def add_to(server: grpc.Server) -> None:
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)

    return Plugin(add_to=add_to, stop=host.children.end_all)


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """`root` is the checkout whose `.engine` holds the executor."""

    def __init__(self, engine: str | None, root: Path) -> None:
        self.engine = engine
        self.executor = engine_folder(root) / EXECUTOR
        self.children = Children()

    def Handshake(
        self, request: proto.LanguageHandshakeRequest, _context: grpc.ServicerContext
    ) -> proto.LanguageHandshakeResponse:
        self.engine = request.engine_address or self.engine
        return proto.LanguageHandshakeResponse()

    def GetPluginInfo(
        self, _request: empty_pb2.Empty, _context: grpc.ServicerContext
    ) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPackages(
        self, request: proto.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> proto.GetRequiredPackagesResponse:
        python = _python(request.info, context)
        packages = [
            plugin_pb2.PackageDependency(
                name=package.name, kind="resource", version=f"v{package.version}"
            )
            for package in pythons.pulumi_packages(python)
            # Of a component package the engine installs them, though it finds them on the PATH.
            if not shutil.which(f"pulumi-resource-{package.name}")
        ]
        return proto.GetRequiredPackagesResponse(packages=packages)

    def GetRequiredPlugins(
        self, _request: proto.GetRequiredPluginsRequest, _context: grpc.ServicerContext
    ) -> proto.GetRequiredPluginsResponse:
        """The old form of GetRequiredPackages, which every engine we accept calls instead."""
        return proto.GetRequiredPluginsResponse()

    def RuntimeOptionsPrompts(
        self, _request: proto.RuntimeOptionsRequest, _context: grpc.ServicerContext
    ) -> proto.RuntimeOptionsResponse:
        return proto.RuntimeOptionsResponse()

    def GetProgramDependencies(
        self, request: proto.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> proto.GetProgramDependenciesResponse:
        python = _python(request.info, context)
        installed = pythons.installed(python, transitive=request.transitiveDependencies)
        return proto.GetProgramDependenciesResponse(
            dependencies=[
                proto.DependencyInfo(name=package.name, version=package.version)
                for package in installed
            ]
        )

    def About(
        self, request: proto.AboutRequest, context: grpc.ServicerContext
    ) -> proto.AboutResponse:
        python = _python(request.info, context)
        return proto.AboutResponse(executable=python, version=pythons.version(python))

    def InstallDependencies(
        self, _request: proto.InstallDependenciesRequest, _context: grpc.ServicerContext
    ) -> Iterator[proto.InstallDependenciesResponse]:
        """Installs nothing: the sandbox's environment is made by `make up`, from the lock."""
        text = "the sandbox's language host installs nothing: run `make up`\n"
        yield proto.InstallDependenciesResponse(stdout=text.encode())

    def Run(self, request: proto.RunRequest, context: grpc.ServicerContext) -> proto.RunResponse:
        if not self.engine:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "Handshake comes before Run")
        if not self.executor.is_file():
            missing = f"{self.executor} is missing: run `python -m sandbox.engine`"
            return proto.RunResponse(error=missing)
        program = self.children.start(
            [_python(request.info, context), "-u", str(self.executor), *self._arguments(request)],
            cwd=request.pwd,
            env=os.environ | _configuration(request),
        )
        context.add_callback(lambda: self.children.end(program))
        return _outcome(self.children.wait(program))

    def RunPlugin(
        self, request: proto.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[proto.RunPluginResponse]:
        child = self.children.start(
            [
                _python(request.info, context),
                "-u",
                request.info.program_directory or request.program or request.pwd,
                *request.args,
            ],
            cwd=request.pwd or request.info.program_directory,
            env=os.environ | _pairs(request.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(lambda: self.children.end(child))
        assert child.stdout is not None
        assert child.stderr is not None
        # Its own stderr is relayed by us: the stream has one writer, and it is reading stdout.
        relay = threading.Thread(target=_relay, args=(child.stderr,), daemon=True)
        relay.start()
        for line in child.stdout:
            yield proto.RunPluginResponse(stdout=line)
        relay.join()
        yield proto.RunPluginResponse(exitcode=self.children.wait(child))

    def GenerateProgram(
        self, request: proto.GenerateProgramRequest, _context: grpc.ServicerContext
    ) -> proto.GenerateProgramResponse:
        """What `pulumi import` prints at its end; it has imported by then."""
        return proto.GenerateProgramResponse(source={"__main__.py": _quoted(request.source)})

    def Cancel(self, _request: empty_pb2.Empty, _context: grpc.ServicerContext) -> empty_pb2.Empty:
        self.children.end_all()
        return empty_pb2.Empty()

    def _arguments(self, request: proto.RunRequest) -> list[str]:
        given = {
            "monitor": request.monitor_address,
            "engine": self.engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "organization": request.organization,
        }
        named = [word for key, value in given.items() if value for word in (f"--{key}", value)]
        return [*named, _entry_point(request), *request.args]


def _entry_point(request: proto.RunRequest) -> str:
    """The engine says `.` for the program's folder, or a file in it."""
    folder = Path(request.info.program_directory or request.pwd)
    return str(folder / (request.info.entry_point or request.program or "."))


def _python(info: proto.ProgramInfo, context: grpc.ServicerContext) -> str:
    options: Mapping[str, Any] = dict(info.options)
    try:
        return pythons.interpreter(info.root_directory, options)
    except pythons.UnusableOption as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    raise AssertionError("abort raises")


def _configuration(request: proto.RunRequest) -> dict[str, str]:
    return {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def _outcome(exit_code: int) -> proto.RunResponse:
    match exit_code:
        case 0:
            return proto.RunResponse()
        case code if code == ALREADY_REPORTED:
            return proto.RunResponse(bail=True)
        case code if code < 0:
            return proto.RunResponse(error=f"program was ended by signal {-code}")
        case code:
            return proto.RunResponse(error=f"program exited with non-zero exit code: {code}")


def _quoted(source: Mapping[str, str]) -> bytes:
    lines = [
        "the sandbox's language host writes no Python; in Pulumi's own notation this is",
        *"\n".join(source.values()).splitlines(),
    ]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines).encode()


def _pairs(environment: Any) -> dict[str, str]:
    return {key: value for key, _, value in (pair.partition("=") for pair in environment)}


def _relay(stream: IO[bytes]) -> None:
    for line in stream:
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
