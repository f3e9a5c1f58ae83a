"""Kafka's jars: fetched once, whoever else fetches them at the same time."""

from pathlib import Path

import pytest

from detector.local import kafka_server

MAVEN = """#!/bin/sh
for word; do case $word in -DoutputDirectory=*) mine=${word#*=};; esac; done
mkdir -p "$mine" && echo mine > "$mine/kafka.jar"
"""
QUICKER = """theirs=${mine%.*}
mkdir -p "$theirs" && echo theirs > "$theirs/kafka.jar"
"""


@pytest.mark.parametrize(("maven", "whose"), [(MAVEN, "mine\n"), (MAVEN + QUICKER, "theirs\n")])
def test_who_fetches_the_jars_last_takes_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maven: str, whose: str
) -> None:
    pom, program = tmp_path / "deploy" / "local" / "pom.xml", tmp_path / "bin" / "mvn"
    for file, text in ((pom, "<project/>"), (program, maven)):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    folder = kafka_server._jars(tmp_path)
    assert whose == (folder / "kafka.jar").read_text()
    assert [folder] == list(folder.parent.iterdir())
