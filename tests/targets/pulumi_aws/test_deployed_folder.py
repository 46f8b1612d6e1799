"""Which folder `deploy()` reads: the one it is given, else the one that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.targets.pulumi_aws import deploy
from tests.policies import whole

WRONG = whole("retain: {tmp: {prefix: tmp/, delete_after: 7}}")
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("settings", "given", "read"),
    [
        ("", (), "policies"),
        ('policies = "retention"\n', (), "retention"),
        ('policies = "retention"\n', ("policies",), "policies"),
    ],
)
def test_the_settings_beside_the_program_name_the_folder(
    settings: str,
    given: tuple[str, ...],
    read: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "firnline.toml").write_text(settings)
    for folder in ("policies", "retention"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lab.yaml").write_text(WRONG)
    with pytest.raises(SystemExit):
        deploy(*given)
    said = capsys.readouterr()
    assert f" {read}/lab.yaml:" in said.out + said.err
