"""One emulator and one first rollout for all; each test begins with a copy of what that left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.engine.find import find_engine
from sandbox.fleet.create import create
from sandbox.paths import CHECKOUT, SandboxPaths
from tests.end_to_end.stack import Aws, start_aws
from tests.rollout.fleet import ACCOUNTS, BEFORE, SIZE, Deployed, Fleet


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    root = tmp_path_factory.mktemp("sandbox")
    with start_aws(root, find_engine(CHECKOUT)) as aws:
        yield aws


@pytest.fixture(scope="session")
def deployed(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    root = tmp_path_factory.mktemp("deployed")
    fleet = Fleet(root / "fleet", aws, root / "fleet/state")
    create(aws.state, SandboxPaths(CHECKOUT), SIZE, fleet.folder, stacks=False)
    fleet.states.mkdir()
    assert fleet.run("resolve").code == 0
    first = fleet.rollout()
    assert first.code == 0, first.text
    assert fleet.days() == [BEFORE] * len(ACCOUNTS)
    return Deployed(fleet, [fleet.live(each) for each in ACCOUNTS])


@pytest.fixture
def fleet(deployed: Deployed, aws: Aws, tmp_path: Path) -> Fleet:
    """As after the first rollout, with another number in the policy of every bucket."""
    aws.fail_no_more()
    shutil.copytree(deployed.fleet.folder, tmp_path / "fleet", symlinks=True)
    fleet = Fleet(tmp_path / "fleet", aws, tmp_path / "fleet/state")
    for account, rules in zip(ACCOUNTS, deployed.live, strict=True):
        if fleet.live(account) != rules:
            fleet.put(account, rules)
    fleet.change_the_rules()
    return fleet
