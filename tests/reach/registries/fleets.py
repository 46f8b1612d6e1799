"""A folder with a fleet file, and what `firnline gc refs` says of its registries."""

from __future__ import annotations

from pathlib import Path

from firnline.cli import main
from firnline.reach.reference_file import Answered, Covered, read_found, read_head

ACCOUNT = "123456789012"
"""That of moto's own credentials."""


def fleet_folder(folder: Path, registries: str) -> Path:
    """`registries` is YAML, indented by two."""
    policies = folder / "policies"
    policies.mkdir(exist_ok=True)
    (policies / "fleet.yaml").write_text(
        "firnline: fleet/v1\nnamespace: acme\n"
        f'accounts: {{lab: {{id: "{ACCOUNT}", regions: us-east-1}}}}\n'
        f"registries:\n{registries}"
    )
    return policies


def gc_refs(folder: Path, *options: str) -> int:
    return main(["gc", "refs", str(folder / "policies"), *options])


def answered(file: Path) -> dict[str, Answered]:
    with file.open() as lines:
        return {each.name: each for each in read_head(lines, str(file)).answered}


def found_in(file: Path) -> list[tuple[str, Covered]]:
    with file.open() as lines:
        return list(read_found(lines, str(file)))


def uris(file: Path) -> set[str]:
    return {str(found.location) for _, found in found_in(file)}


def problem_of(file: Path, name: str) -> str:
    """The one sentence that says why it is not complete."""
    certificate = answered(file)[name].certificate
    assert not certificate.is_complete
    (problem,) = certificate.problems
    return problem
