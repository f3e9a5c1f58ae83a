"""`detector policy`: mistakes by line and exit code 1, doubts as warnings, layers joined on request."""

from pathlib import Path

import pytest

from detector.cli import main
from tests.policy.making import SHIPPED, book, edited

LAYERS = '[products.p.rules.crawl_rate]\nweight = 0.5\n[plans.q]\ncooldown = "2h"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> str:
    Path(name).write_text(text)
    return name


@pytest.mark.usefixtures("folder")
def test_a_good_policy_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["policy", "check", write("p.toml", SHIPPED + LAYERS)])
    said = capsys.readouterr()
    assert ("version 1: 49 live rules, layers for 1 product and 1 plan\n", "") == (said.out, said.err)


@pytest.mark.usefixtures("folder")
def test_every_mistake_is_an_error_in_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    write("p.toml", edited('half_life = "3d"', "half_life = 3").replace('quiet = "30d"', "quite = 4"))
    assert 1 == main(["policy", "check", "p.toml"])
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert "" == said.out
    assert 3 == len(lines)
    assert all(line.startswith("error: p.toml, line ") for line in lines)


@pytest.mark.usefixtures("folder")
def test_a_doubt_is_a_warning_and_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["policy", "check", write("p.toml", edited("score = 0.9", "score = 1.1"))])
    assert capsys.readouterr().err.startswith("warning: p.toml, line ")


@pytest.mark.usefixtures("folder")
def test_the_policy_for_a_product_and_a_plan_is_shown_as_a_policy(capsys: pytest.CaptureFixture[str]) -> None:
    text = SHIPPED + LAYERS
    write("p.toml", text)
    assert 0 == main(["policy", "check", "p.toml", "--product", "p", "--plan", "q"])
    said = capsys.readouterr().out
    wanted = book(text).at(0, "p", "q")
    assert f"# policy_hash {wanted.hash}\n" in said
    assert "# agreement 2024-08-08\n" in said
    assert wanted.hash == book(said).at(0).hash


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("moment", "version"), [("2025-12-31T23:59:59Z", "1"), ("2026-01-01T08:00:00+08:00", "2"), ("", "2")]
)
def test_at_chooses_the_version(capsys: pytest.CaptureFixture[str], moment: str, version: str) -> None:
    write("1.toml", SHIPPED)
    write("2.toml", edited('version = "1"', 'version = "2"\neffective = 2026-01-01T00:00:00Z'))
    asked = ["--at", moment] if moment else ["--plan", "unknown"]
    assert 0 == main(["policy", "check", "1.toml", "2.toml", *asked])
    said = capsys.readouterr().out
    assert f'version = "{version}"\n' in said
    assert ("# plan unknown, of which the policy says nothing\n" in said) == (moment == "")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["gone.toml"], 1, "error: gone.toml: No such file or directory"),
        (["."], 1, "error: .: Is a directory"),
        ([], 2, "error: Missing argument 'FILES...'"),
        (["p.toml", "--at", "2026-01-01"], 2, "error: Invalid value for '--at'"),
    ],
)
def test_wrong_use_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    write("p.toml", SHIPPED)
    assert code == main(["policy", "check", *arguments])
    assert capsys.readouterr().err.startswith(message)


def test_the_shipped_policy_can_be_had_to_begin_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["policy", "default"])
    assert SHIPPED == capsys.readouterr().out
