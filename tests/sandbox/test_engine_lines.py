"""Of what Pulumi's engine prints, only what the sandbox itself causes is left out."""

from __future__ import annotations

import pytest

from sandbox.engine_lines import calm

STACK = "    pulumi:pulumi:Stack firnline-sandbox "
WARNING = "warning: using pulumi-resource-aws from $PATH at /somewhere"


def test_an_up_without_a_warning_of_its_own_counts_none() -> None:
    """As Pulumi 3.250 prints an `up` in the sandbox, shortened."""
    lines = [
        f"{WARNING}\n",
        "Previewing update (sandbox):\n",
        f"{STACK} {WARNING}\n",
        "\n",
        f"{STACK} running {WARNING}\n",
        " +  aws:s3:BucketLifecycleConfiguration acme create\n",
        f"{STACK} create 2 warnings; 1 message\n",
        "Diagnostics:\n",
        f"    {WARNING}\n",
        f"    {WARNING}\n",
        "      7 buckets get Firnline's rules for the first time\n",
        "Updating (sandbox):\n",
        f"{STACK} {WARNING}\n",
        " +  aws:s3:BucketLifecycleConfiguration acme creating (0s)\n",
        " +  aws:s3:BucketLifecycleConfiguration acme created (3s)\n",
        f"{STACK} created (16s) 1 warning\n",
    ]
    assert list(calm(lines)) == [
        "Previewing update (sandbox):",
        " +  aws:s3:BucketLifecycleConfiguration acme create",
        f"{STACK} create 1 message",
        "Diagnostics:",
        "      7 buckets get Firnline's rules for the first time",
        "Updating (sandbox):",
        " +  aws:s3:BucketLifecycleConfiguration acme created (3s)",
        f"{STACK} created (16s)",
    ]


@pytest.mark.parametrize(
    ("counted", "left"),
    [
        ("3 warnings; 1 message", "2 warnings; 1 message"),
        ("2 warnings", "1 warning"),
        ("2 errors; 1 message", "2 errors; 1 message"),
    ],
)
def test_other_warnings_are_counted_on(counted: str, left: str) -> None:
    lines = ["Updating (sandbox):\n", f"{STACK} {WARNING}\n", f"{STACK} {counted}\n"]
    assert list(calm(lines))[1] == f"{STACK} {left}"


def test_what_our_own_diagnostics_count_stays() -> None:
    """The engine prints them as a resource's messages."""
    line = "    1 warning. Explain a code: firnline explain FL502\n"
    assert list(calm(["Previewing update (sandbox):\n", f"{STACK} {WARNING}\n", line]))[1] == (
        line.rstrip()
    )
