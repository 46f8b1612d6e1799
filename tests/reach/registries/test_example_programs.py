"""The programs in examples/registries, on a repository as DVC leaves it and an export of W&B."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.reach.references import Reference, Strength
from tests.reach.registries.fleets import answered, fleet_folder, found_in, gc_refs, problem_of

PROGRAMS = Path(__file__).parents[3] / "examples/registries"
OLD, NEW, FOLDER = "aa" + "1" * 30, "bb" + "2" * 30, "cc" + "3" * 30 + ".dir"
CHILD, STAGE, CODE = "dd" + "4" * 30, "ee" + "5" * 30, "ff" + "6" * 30


def read(folder: Path, program: str, where: Path) -> tuple[int, Path]:
    command = json.dumps([sys.executable, str(PROGRAMS / program), str(where)])
    fleet_folder(folder, f"  store: {{exec: {{command: {command}}}}}\n")
    return gc_refs(folder, "--out", str(folder / "refs")), folder / "refs"


def references(file: Path) -> dict[str, Reference]:
    found = [each for _, each in found_in(file)]
    return {str(each.location): each for each in found if isinstance(each, Reference)}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A tag with a file as DVC 2 stored it; a branch with a newer one, a folder, and a stage."""
    made = tmp_path / "data-repository"
    (made / ".dvc").mkdir(parents=True)
    (made / ".dvc/config").write_text(
        "[core]\n    remote = store\n['remote \"store\"']\n    url = s3://acme-dvc/cache/\n"
    )
    listing = made / ".dvc/cache/files/md5" / FOLDER[:2] / FOLDER[2:]
    listing.parent.mkdir(parents=True)
    listing.write_text(json.dumps([{"md5": CHILD, "relpath": "a.png"}]))
    git(made, "init", "-q", "-b", "main")
    (made / ".gitignore").write_text("/.dvc/cache\n")
    (made / "raw.csv.dvc").write_text(f"outs:\n- md5: {OLD}\n  path: raw.csv\n")
    commit(made)
    git(made, "tag", "v1")
    (made / "raw.csv.dvc").write_text(f"outs:\n- md5: {NEW}\n  hash: md5\n  path: raw.csv\n")
    (made / "images.dvc").write_text(
        f"outs:\n- md5: {FOLDER}\n  nfiles: 1\n  hash: md5\n  path: images\n"
    )
    (made / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n"
        f"    deps:\n    - path: train.py\n      md5: {CODE}\n"
        f"    outs:\n    - path: model.pt\n      hash: md5\n      md5: {STAGE}\n"
    )
    commit(made)
    return made


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=ann", "-c", "user.email=ann@acme.example"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "data")


def in_remote(md5: str) -> str:
    return f"s3://acme-dvc/cache/files/md5/{md5[:2]}/{md5[2:]}"


def test_dvc_needs_the_outputs_of_every_branch_and_tag(repository: Path, tmp_path: Path) -> None:
    code, file = read(tmp_path, "dvc_references.py", repository)
    assert code == 0
    needed = references(file)
    old = in_remote(OLD).replace("files/md5/", "")
    assert set(needed) == {old, *map(in_remote, (NEW, FOLDER, CHILD, STAGE))}
    assert needed[old].because == ("raw.csv of refs/tags/v1",)
    assert needed[in_remote(CHILD)].because == ("images of refs/heads/main",)
    certificate = answered(file)["store"].certificate
    assert (certificate.count, certificate.independent_count) == (5, 5)


def test_a_folder_of_dvc_that_was_not_fetched_is_not_complete(
    repository: Path, tmp_path: Path
) -> None:
    (repository / ".dvc/cache/files/md5" / FOLDER[:2] / FOLDER[2:]).unlink()
    code, file = read(tmp_path, "dvc_references.py", repository)
    assert (code, "dvc fetch" in problem_of(file, "store")) == (1, True)


def test_files_that_a_remote_of_dvc_keeps_by_name_are_not_complete(
    repository: Path, tmp_path: Path
) -> None:
    with (repository / ".dvc/config").open("a") as config:
        config.write("    version_aware = true\n")
    code, file = read(tmp_path, "dvc_references.py", repository)
    assert (code, "version_aware" in problem_of(file, "store")) == (1, True)


def test_an_output_of_dvc_in_a_remote_of_its_own_is_not_complete(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "x.dvc").write_text(
        f"outs:\n- md5: {NEW}\n  hash: md5\n  path: x\n  remote: other\n"
    )
    commit(repository)
    code, file = read(tmp_path, "dvc_references.py", repository)
    assert (code, "x.dvc of refs/heads/main: x is" in problem_of(file, "store")) == (1, True)


def test_what_is_no_repository_of_dvc_is_not_complete(tmp_path: Path) -> None:
    code, file = read(tmp_path, "dvc_references.py", tmp_path)
    assert (code, "exit code 1" in problem_of(file, "store")) == (1, True)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    made = tmp_path / "wandb-export"
    made.mkdir()
    version = {"name": "churn", "state": "COMMITTED", "created_by": "ann"}
    index = [
        {**version, "version": "v0", "aliases": []},
        {**version, "version": "v1", "aliases": ["latest", "production"]},
        {**version, "version": "v2", "aliases": [], "state": "DELETED"},
    ]
    (made / "index.json").write_text(json.dumps(index))
    for number in (0, 1):
        contents = {
            "model.pt": {"digest": "x", "ref": f"s3://acme/wandb/{number}/model.pt", "size": 1},
            "notes.txt": {"digest": "y", "birthArtifactID": "QXJ0", "size": 1},
        }
        manifest = {"version": 1, "storagePolicy": "wandb-storage-policy-v1", "contents": contents}
        (made / f"churn-v{number}.json").write_text(json.dumps(manifest))
    return made


def test_wandb_needs_what_versions_with_manifests_refer_to(export: Path, tmp_path: Path) -> None:
    code, file = read(tmp_path, "wandb_references.py", export)
    assert code == 0
    needed = references(file)
    assert {uri: each.strength for uri, each in needed.items()} == {
        "s3://acme/wandb/0/model.pt/": Strength.LIVE,
        "s3://acme/wandb/1/model.pt/": Strength.PIN,
    }
    champion = needed["s3://acme/wandb/1/model.pt/"]
    assert champion.because == ("W&B churn:v1", "alias latest", "alias production")
    assert (champion.owner, champion.experiment) == ("ann", "churn")


def test_an_export_without_one_of_its_manifests_is_not_complete(
    export: Path, tmp_path: Path
) -> None:
    (export / "churn-v0.json").unlink()
    code, file = read(tmp_path, "wandb_references.py", export)
    assert (code, "lacks the manifest churn-v0.json" in problem_of(file, "store")) == (1, True)
