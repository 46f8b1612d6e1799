"""Runs one of the two stand-ins as a Pulumi plugin: `run_plugin.py language|provider [ADDRESS]`.

ADDRESS is the engine's.
"""

import gc
import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def main() -> int:
    # The script runs in the folder of the user's program: it finds this package by its own path.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    _skip_the_sdk()
    kind, *rest = sys.argv[1:]
    engine = next((word for word in rest if not word.startswith("-")), None)
    return _run(kind, engine)


def _run(kind: str, engine: str | None) -> int:
    gc.disable()  # nothing that is imported is garbage
    # Imported once the paths are set, and only the plugin that runs: each costs start-up time.
    from sandbox.engine.serve import serve

    match kind:
        case "language":
            from sandbox.engine import language_host

            plugin = language_host.plugin(engine)
        case "provider":
            from sandbox.engine.aws_provider import service

            plugin = service.plugin(engine)
        case _:
            sys.exit(f"run_plugin.py: `{kind}` is neither `language` nor `provider`")
    gc.freeze()
    gc.enable()
    serve(plugin, engine)
    return 0


def _skip_the_sdk() -> None:
    """Makes `pulumi.runtime.proto` importable without running `pulumi/__init__.py`.

    The stubs need grpc and protobuf alone; importing the whole SDK with them costs 0.3 s of CPU
    and half the memory, in each of the processes that one `up` starts.
    """
    found = importlib.util.find_spec("pulumi")
    assert found is not None, "the pulumi SDK is installed in the virtual environment"
    assert found.submodule_search_locations is not None, "pulumi is a package"
    (folder,) = found.submodule_search_locations
    for name, path in (("pulumi", folder), ("pulumi.runtime", f"{folder}/runtime")):
        package = ModuleType(name)
        package.__path__ = [path]
        sys.modules[name] = package


if __name__ == "__main__":
    sys.exit(main())
