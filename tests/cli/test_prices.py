"""`firnline prices`: what is known, from where, and that only `update` fetches it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.cli.prices_of import prices_of
from firnline.language.project import BadSettings
from tests.inventory.prices.offers import deep_archive_offer, s3_offer

TREE = {
    "/aws/AmazonS3/current/eu-central-1/index.json": s3_offer().content(),
    "/aws/AmazonS3GlacierDeepArchive/current/eu-central-1/index.json": (
        deep_archive_offer().content()
    ),
}
UPDATE = ["prices", "update", "--region", "eu-central-1"]
CACHED = "prices/eu-central-1.json"
CONTRACT = """\
schema_version = 1
region = "{region}"
published = 2026-11-01
source = "our contract"
[[storage]]
class = "STANDARD"
usd_per_gb_month = 0.02
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    Path("policies").mkdir()
    Path("firnline.toml").write_text("")
    return tmp_path


class _Server:
    """Answers with what is in `files`; `lengths` are the Content-Length of some, as stated."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = dict(TREE)
        self.lengths: dict[str, int] = {}
        self.requested: list[str] = []
        self.address = ""


@pytest.fixture
def server() -> Iterator[_Server]:
    served = _Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requested.append(self.path)
            content = served.files.get(self.path)
            self.send_response(404 if content is None else 200)
            content = content or b""
            length = served.lengths.get(self.path, len(content))
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: tests read stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        served.address = f"http://127.0.0.1:{http.server_port}/aws"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield served
        http.shutdown()
        thread.join()


def files_in(folder: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("socket_disabled")
def test_what_is_shipped_is_shown_with_its_day_and_its_sources(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["prices", "show"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("us-east-1: prices in USD, published 2026-09-28\n")
    assert "[1] AWS price list AmazonS3 of 2026-09-28\n" in shown
    assert "[2] AWS price list AmazonS3GlacierDeepArchive of 2026-09-11\n" in shown
    rows = [line.split() for line in shown.splitlines()]
    assert ["DEEP_ARCHIVE", "0.00099", "[2]", "TimedStorage-GDA-ByteHrs"] in rows


@pytest.mark.usefixtures("socket_disabled")
def test_another_region_is_an_error_that_names_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["prices", "show", "--region", "eu-central-1"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "run `firnline prices update --region eu-central-1`" in said.err


def test_update_reads_the_lists_says_from_where_and_saves_the_prices(
    server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*UPDATE, "--from", server.address]) == 0
    assert server.requested == list(TREE)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        f"reading {server.address}/AmazonS3/current/eu-central-1/index.json\n"
        f"reading {server.address}/AmazonS3GlacierDeepArchive/current/eu-central-1/index.json\n"
        f"{CACHED}: eu-central-1: AWS price list AmazonS3 of 2026-10-05,"
        " AWS price list AmazonS3GlacierDeepArchive of 2026-09-11\n"
    )


@pytest.mark.parametrize("words", [[], ["--from", "slash"]])
def test_what_was_saved_is_shown_offline(
    words: list[str],
    server: _Server,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = server.address + "/" * bool(words)
    assert main([*UPDATE, "--from", place]) == 0
    (project / "policies" / "deep").mkdir()
    monkeypatch.chdir(project / "policies" / "deep")
    requested = list(server.requested)
    assert main(["prices", "show", "--region", "eu-central-1"]) == 0
    assert server.requested == requested
    shown = capsys.readouterr().out
    assert "published 2026-10-05" in shown
    assert "0.00181" in shown


def test_a_copy_of_the_tree_on_disk_and_single_files_are_read_too() -> None:
    for path, content in TREE.items():
        file = Path(f"copy{path}")
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    assert main([*UPDATE, "--from", "copy/aws"]) == 0
    saved = Path(CACHED).read_bytes()
    places = [word for path in TREE for word in ("--from", f"copy{path}")]
    Path(CACHED).unlink()
    assert main([*UPDATE, *places]) == 0
    assert Path(CACHED).read_bytes() == saved


def test_a_list_alone_leaves_a_class_without_a_price_and_says_so(
    server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    list_of_s3 = f"{server.address}{next(iter(TREE)).removeprefix('/aws')}"
    assert main([*UPDATE, "--from", list_of_s3]) == 0
    assert (
        "no price of storage in DEEP_ARCHIVE, reads from DEEP_ARCHIVE\n" in capsys.readouterr().err
    )


def test_a_forecast_counts_with_what_was_saved_and_the_discount(
    server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("rules.json").write_text('{"Rules": []}')
    words = ["forecast", "rules.json", "--bucket", "lab", "--ingest", "a/=1TiB/month"]
    words += ["--region", "eu-central-1", "--as-of", "2026-12-01", "--months", "1"]
    assert main(words) == 2
    assert "run `firnline prices update --region eu-central-1`" in capsys.readouterr().err
    assert main([*UPDATE, "--from", server.address]) == 0
    assert main([*words, "--out", "json"]) == 0
    at_list_price = json.loads(capsys.readouterr().out)
    [prices_of] = at_list_price["prices_of"]
    assert (prices_of["region"], prices_of["published"]) == ("eu-central-1", "2026-10-05")
    assert prices_of["price_factor"] == 1
    assert prices_of["sources"][0] == {
        "name": "AWS price list AmazonS3",
        "published": "2026-10-05",
    }
    Path("firnline.toml").write_text("[prices]\nprice_factor = 0.5\n")
    assert main([*words, "--out", "json"]) == 0
    discounted = json.loads(capsys.readouterr().out)
    assert discounted["prices_of"][0]["price_factor"] == 0.5
    full, half = (each["months"][0]["after"]["usd"] for each in (at_list_price, discounted))
    assert full["total"] == pytest.approx(2 * half["total"])
    assert full["total"] > 0
    assert main(words) == 0
    assert "AmazonS3 of 2026-10-05" in capsys.readouterr().out


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_offline_nothing_is_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files_in(project)
    assert main([*UPDATE, "--from", f"http://127.0.0.1:{_closed_port()}"]) == 3
    said = capsys.readouterr().err
    assert "cannot be read: Connection refused; offline, name a file by --from\n" in said
    assert files_in(project) == before
    assert not Path("prices").exists()


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (None, 3, "the server answers 404 Not Found"),
        (b"<html>sign in</html>", 2, "is no price list of S3: it is not whole JSON"),
        (s3_offer().content()[:-300], 2, "is it cut off?"),
        (s3_offer("us-west-2", "USW2-").content(), 2, "no storage of eu-central-1, but of us-west"),
        (b" " * (16 * 1024**2 + 5), 2, "larger than 16 MiB"),
    ],
    ids=["missing", "a page", "cut off", "another region", "huge"],
)
def test_what_is_not_the_list_leaves_the_saved_prices_as_they_were(
    content: bytes | None,
    code: int,
    said: str,
    server: _Server,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*UPDATE, "--from", server.address]) == 0
    before = files_in(project)
    path = next(iter(TREE))
    if content is None:
        del server.files[path]
    else:
        server.files[path] = content
    assert main([*UPDATE, "--from", server.address]) == code
    assert said in capsys.readouterr().err
    assert files_in(project) == before


def test_a_connection_that_ends_early_is_told(
    server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    path, content = next(iter(TREE.items()))
    server.lengths[path] = len(content) + 7
    assert main([*UPDATE, "--from", server.address]) == 3
    assert "ended after" in capsys.readouterr().err
    assert not Path("prices").exists()


def test_a_file_that_is_no_price_file_is_not_overwritten(
    server: _Server, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("prices").mkdir()
    Path(CACHED).write_text('{"mine": true}')
    assert main([*UPDATE, "--from", server.address]) == 2
    assert f"{CACHED} is no price file" in capsys.readouterr().err
    assert Path(CACHED).read_text() == '{"mine": true}'
    assert server.requested == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["update"], "say of which region: --region eu-central-1"),
        (["update", "--region", "../x"], "is not a region; write it as in eu-central-1"),
        ([*UPDATE[1:], "--out", "json"], "--out is an option of `prices show`"),
        (["show", "--from", "x"], "--from is an option of `prices update`"),
        ([*UPDATE[1:], "--from", "http://["], "is no address"),
        ([*UPDATE[1:], "--from", "http://127.0.0.1:x"], "is no address"),
        ([*UPDATE[1:], "--from", "gone.json"], "gone.json: No such file"),
        (["shew"], "did you mean"),
        ([], "ACTION"),
    ],
)
def test_wrong_use(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = main(["prices", *words])
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert said in capsys.readouterr().err


def test_a_project_without_settings_saves_beside_its_policies(
    server: _Server, project: Path
) -> None:
    Path("firnline.toml").unlink()
    assert main([*UPDATE, "--from", server.address]) == 0
    assert (project / CACHED).is_file()


def test_saved_prices_count_before_the_shipped_ones(server: _Server) -> None:
    for path, content in TREE.items():
        server.files[path.replace("eu-central-1", "us-east-1")] = content.replace(
            b"eu-central-1", b"us-east-1"
        )
    assert main(["prices", "update", "--region", "us-east-1", "--from", server.address]) == 0
    assert str(prices_of("us-east-1").published) == "2026-10-05"


def settings(text: str, *contracts: str) -> None:
    Path("firnline.toml").write_text(text)
    for number, region in enumerate(contracts, 1):
        Path(f"contract{number}.toml").write_text(CONTRACT.format(region=region))


def test_own_prices_replace_single_figures_and_name_their_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings('[prices]\nfiles = ["contract1.toml"]\n', "us-east-1")
    assert main(["prices", "show", "--out", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    found = {each["class"]: each for each in shown["storage"]}
    assert found["STANDARD"]["usd_per_gb_month"] == 0.02
    assert found["STANDARD"]["source"] == {"name": "our contract", "published": "2026-11-01"}
    assert found["GLACIER"]["source"]["name"] == "AWS price list AmazonS3"
    assert shown["published"] == "2026-09-28"


def test_own_prices_alone_are_those_of_a_region() -> None:
    settings('[prices]\nfiles = ["contract1.toml", "contract2.toml"]\n', "us-east-1", "us-west-2")
    found = prices_of("us-west-2")
    assert found.storage("STANDARD")[0].usd_per_gb_month * 100 == 2
    assert str(found.published) == "2026-11-01"


def test_a_discount_is_for_every_region_or_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[prices]\nprice_factor = 0.9\n")
    assert main(["prices", "show"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("us-east-1: prices in USD, published 2026-09-28, times 0.9\n")
    assert "0.0207 " in shown
    Path("firnline.toml").unlink()
    Path("pyproject.toml").write_text("[tool.firnline.prices.price_factor]\nus-east-1 = 0.5\n")
    assert str(prices_of("us-east-1").factor) == "0.5"
    Path("pyproject.toml").write_text("[tool.firnline.prices.price_factor]\nus-west-2 = 0.5\n")
    assert prices_of("us-east-1").factor == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "prices = 1",
            "firnline.toml:1:10\n  |\n1 | prices = 1\n  |          ^ `prices` must be a table",
        ),
        (
            "[prices]\nfactor = 1",
            "unknown setting `prices.factor`\n  |\n  = help: remove it; known here: files, price_",
        ),
        ('[prices]\nfiles = "contract1.toml"', "`prices.files` must be a list of TOML or JSON"),
        ('[prices]\nfiles = ["contract.yaml"]', "`prices.files` must be a list of TOML or JSON"),
        ("[prices]\nprice_factor = 93", "`prices.price_factor` must be a number above 0"),
        ("[prices]\nprice_factor = 0", "`prices.price_factor` must be a number above 0"),
        ("[prices]\nprice_factor = true", "`prices.price_factor` must be a number above 0"),
        ('[prices]\nprice_factor = "0.9"', "`prices.price_factor` must be a number above 0"),
        ("[prices]\nprice_factor = nan", "`prices.price_factor` must be a number above 0"),
        (
            "[prices.price_factor]\nfrankfurt = 1",
            "`prices.price_factor.frankfurt` is for no region",
        ),
        ('[prices]\nfiles = ["gone.toml"]', "gone.toml: there is no such file, but the settings"),
        (
            '[prices]\nfiles = ["contract1.toml", "contract2.toml"]',
            "contract2.toml: the price of STANDARD is stated by contract1.toml, too",
        ),
        ('[prices]\nfiles = ["contract3.toml"]', "contract3.toml: `region` must be a region"),
    ],
)
def test_wrong_settings_are_named_with_their_file(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(text, "us-east-1", "us-east-1", "nowhere")
    assert main(["prices", "show"]) == 2
    assert said in capsys.readouterr().err


def test_a_saved_file_of_another_region_is_an_error(server: _Server) -> None:
    assert main([*UPDATE, "--from", server.address]) == 0
    Path(CACHED).rename("prices/us-west-2.json")
    with pytest.raises(BadSettings, match=r"its prices are of eu-central-1, not of us-west-2"):
        prices_of("us-west-2")
