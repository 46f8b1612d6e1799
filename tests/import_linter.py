"""import-linter again and again in one process, for tests/test_walls.py: it takes half the time.

`python -m tests.import_linter CONFIG CACHE`: a line in, a line of JSON out.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from io import StringIO

from importlinter import configuration
from importlinter.application.use_cases import lint_imports


def main(config: str, cache: str) -> None:
    configuration.configure()
    for _ in sys.stdin:
        said = StringIO()
        with redirect_stdout(said):
            passed = lint_imports(config_filename=config, cache_dir=cache, no_logo=True)
        print(json.dumps([passed, said.getvalue()]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
