"""What `firnline check` leaves alone until it is needed: its start is bounded (`make bench`)."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
SELDOM_NEEDED = (
    "boto3",
    "botocore",
    "difflib",
    "duckdb",
    "firnline.catalog",
    "firnline.cli.fixing",
    "firnline.diagnostics.text",
    "firnline.fleet",
    "firnline.forge",
    "firnline.inventory.facts",
    "firnline.language.layout",
    "firnline.language.read_registries",
    "firnline.s3.timestamps",
    "firnline.s3.xml_shape",
    "firnline.s3.compare.witness",
    "jinja2",
    "jsonschema",
    "matplotlib",
    "pulumi",
    "pyarrow",
    "subprocess",
    "tempfile",
    "urllib.request",
    "xml",
)


def test_a_check_of_good_policies_imports_nothing_that_is_seldom_needed(tmp_path: Path) -> None:
    """Approvals are seldom there: they compile what is compared with."""
    left_out = shutil.ignore_patterns("approvals.yaml")
    shutil.copytree(CHECKOUT / "policies", tmp_path / "policies", ignore=left_out)
    ours = [name for name in SELDOM_NEEDED if name.startswith("firnline.")]
    assert all(importlib.util.find_spec(name) for name in ours)
    program = (
        "import sys; from firnline.cli import main;"
        " code = main(['check', 'policies', '--today', '2026-11-28']);"
        f" print(code, [name for name in {SELDOM_NEEDED!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "0 []"
