"""The fixture that anybody may use: what docs/testing.md shows works, in a project of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from firnline import testing
from firnline.testing import pytest_plugin
from firnline.testing.pytest_plugin import s3_with_lifecycle  # noqa: F401  # the fixture
from sandbox.paths import CHECKOUT
from tests.docs.pages import blocks

PAGE, FAULTS = "docs/testing.md", "docs/faults.md"
S3 = testing.S3WithLifecycle


def example(name: str, page: str = PAGE) -> str:
    """The page's block that begins with the file's name."""
    (found,) = (block.text for block in blocks(page) if block.text.startswith(f"# {name}\n"))
    return found


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    path = [str(CHECKOUT / "compiler"), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pytest_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    plugin = ("-p", "firnline.testing.pytest_plugin", "-p", "no:cacheprovider")
    return run(folder, "-m", "pytest", "-q", *plugin, *words)


def test_the_examples_of_the_pages_pass(tmp_path: Path) -> None:
    for name, page in (("test_retention.py", PAGE), ("test_faults.py", FAULTS)):
        (tmp_path / name).write_text(example(name, page), encoding="utf-8")
    ran = pytest_in(tmp_path)
    assert "6 passed" in ran.stdout, ran.stdout


def test_the_example_without_pytest_prints_what_was_aborted(tmp_path: Path) -> None:
    (tmp_path / "without_pytest.py").write_text(example("without_pytest.py"), encoding="utf-8")
    ran = run(tmp_path, "without_pytest.py")
    assert (ran.stdout, ran.stderr) == ("abort_upload big 5368709120\n", "")


def test_the_example_of_a_failed_job_prints_its_reason(tmp_path: Path) -> None:
    (tmp_path / "failed_job.py").write_text(example("failed_job.py"), encoding="utf-8")
    ran = run(tmp_path, "failed_job.py")
    assert (ran.stdout, ran.stderr) == ("out of memory\n", "")


def test_the_fixture_is_listed_with_what_it_is(tmp_path: Path) -> None:
    listed = pytest_in(tmp_path, "--fixtures").stdout
    assert "s3_with_lifecycle" in listed
    assert "An S3 of the test's own" in listed


def test_pip_install_brings_the_fixture() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # pytest would load a module twice that it knows by two names.
    assert project["entry-points"]["pytest11"] == {pytest_plugin.__name__: pytest_plugin.__name__}


def test_a_project_that_does_not_use_the_fixture_does_not_pay_for_it(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\n\n\ndef test_nothing():\n"
        "    heavy = {'moto', 'boto3', 'botocore', 'werkzeug', 'yaml', 'jsonschema'}\n"
        "    assert not heavy & sys.modules.keys()\n",
        encoding="utf-8",
    )
    ran = pytest_in(tmp_path, "-p", "no:hypothesispytest", "test_nothing.py")
    assert "1 passed" in ran.stdout, ran.stdout


def test_where_moto_is_missing_the_fixture_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "moto.py").write_text("raise ModuleNotFoundError('No module named moto')\n")
    (tmp_path / "test_it.py").write_text("def test_it(s3_with_lifecycle):\n    pass\n")
    ran = pytest_in(tmp_path, "test_it.py")
    assert "1 error" in ran.stdout
    assert "pip install 'firnline[testing]'" in ran.stdout


def test_other_clients_find_the_same_buckets_by_the_environment(
    s3_with_lifecycle: S3,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    s3_with_lifecycle.client.create_bucket(Bucket="lake")
    for name, value in s3_with_lifecycle.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    (bucket,) = boto3.session.Session().client("s3").list_buckets()["Buckets"]
    assert bucket["Name"] == "lake"


@pytest.mark.parametrize(("versioning", "ids"), [(None, 1), ("Enabled", 3), ("Suspended", 1)])
def test_a_key_that_is_put_again_is_what_s3_would_make_of_it(
    s3_with_lifecycle: S3,  # noqa: F811
    versioning: str | None,
    ids: int,
) -> None:
    s3 = s3_with_lifecycle
    s3.client.create_bucket(Bucket="lake")
    if versioning:
        s3.client.put_bucket_versioning(
            Bucket="lake",
            VersioningConfiguration={"Status": versioning},  # type: ignore[typeddict-item]
        )
    put = [s3.put("lake", "a", size=days, age=days, tags={"n": str(days)}) for days in (9, 5, 1)]
    listed = s3.client.list_object_versions(Bucket="lake")["Versions"]
    assert {each["VersionId"] for each in listed} == set(put)
    assert len(listed) == ids
    newest = s3.client.head_object(Bucket="lake", Key="a")
    assert newest["ContentLength"] == 1
    assert s3.client.get_object_tagging(Bucket="lake", Key="a")["TagSet"] == [
        {"Key": "n", "Value": "1"}
    ]


def test_age_class_and_upload_are_as_said(s3_with_lifecycle: S3) -> None:  # noqa: F811
    s3 = s3_with_lifecycle
    s3.client.create_bucket(Bucket="lake")
    s3.put("lake", "a", size=3 << 40, age=timedelta(hours=36), storage_class="GLACIER_IR")
    head = s3.client.head_object(Bucket="lake", Key="a")
    assert (head["ContentLength"], head["StorageClass"]) == (3 << 40, "GLACIER_IR")
    assert abs(s3.now - timedelta(hours=36) - head["LastModified"]) < timedelta(minutes=1)
    upload = s3.start_upload("lake", "b", size=5 << 30, age=3)
    (listed,) = s3.client.list_multipart_uploads(Bucket="lake")["Uploads"]
    assert listed["UploadId"] == upload
    assert abs(s3.now - timedelta(days=3) - listed["Initiated"]) < timedelta(minutes=1)


def test_a_version_older_than_the_newest_is_not_put_on_top_of_it(
    s3_with_lifecycle: S3,  # noqa: F811
) -> None:
    s3 = s3_with_lifecycle
    s3.client.create_bucket(Bucket="lake")
    s3.put("lake", "a", age=2)
    with pytest.raises(ValueError, match="in the order of their dates"):
        s3.put("lake", "a", age=3)
    with pytest.raises(ValueError, match="there is no bucket `sea`"):
        s3.put("sea", "a")
