"""What lies around the code says what the code says."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from detector import __version__
from detector.metrics import Metrics

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "detector.json"
RULES = DEPLOY / "prometheus" / "alerts.yml"
DATA = {".mmdb", ".csv"}
FROM_PROMETHEUS = {"le", "job", "instance"}


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def queries() -> list[str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    rules = [rule for group in read_yaml(RULES)["groups"] for rule in group["rules"]]
    return [target["expr"] for panel in panels for target in panel["targets"]] + [
        rule["expr"] for rule in rules
    ]


def series() -> set[str]:
    """Every name under which Prometheus stores one of the detector's metrics."""
    names: set[str] = set()
    for metric in Metrics(CollectorRegistry()).definitions:
        endings = ("_bucket", "_sum", "_count") if metric.kind == "histogram" else ("",)
        names |= {metric.name + ending for ending in endings}
    return names


def test_dashboard_and_rules_ask_only_for_metrics_that_exist() -> None:
    asked = {name for query in queries() for name in re.findall(r"\bdetector_\w+", query)}
    assert set() == asked - series()


def test_dashboard_and_rules_group_only_by_labels_that_exist() -> None:
    labels = {label.name for metric in Metrics(CollectorRegistry()).definitions for label in metric.labels}
    grouped = {
        label.strip()
        for query in queries()
        for by in re.findall(r"by \(([^)]*)\)", query)
        for label in by.split(",")
    }
    assert set() == grouped - labels - FROM_PROMETHEUS


def test_the_dashboard_shows_every_metric() -> None:
    shown = DASHBOARD.read_text()
    assert [] == [
        metric.name for metric in Metrics(CollectorRegistry()).definitions if metric.name not in shown
    ]


def test_every_prometheus_rule_says_what_to_do() -> None:
    for group in read_yaml(RULES)["groups"]:
        for rule in group["rules"]:
            assert {"summary", "action"} == set(rule["annotations"]), rule["alert"]


def test_compose_has_the_services_and_the_files_they_mount() -> None:
    services = read_yaml(ROOT / "docker-compose.yml")["services"]
    assert {"kafka", "redis", "worker", "prometheus", "grafana"} == set(services)
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    assert [] == [mount for mount in mounts if mount[0] == "." and not (ROOT / mount.split(":")[0]).exists()]
    assert (ROOT / services["worker"]["build"]["dockerfile"]).is_file()


def test_compose_waits_only_for_services_that_say_when_they_are_well() -> None:
    services = read_yaml(ROOT / "docker-compose.yml")["services"]
    waited_for = {
        name for service in services.values() for name in dict.fromkeys(service.get("depends_on", ()))
    }
    healthy = {name for name, service in services.items() if "healthcheck" in service}
    assert {"kafka", "redis"} <= healthy & waited_for


@pytest.mark.parametrize("service", ["kafka", "redis"])
def test_the_tests_can_choose_the_port_of_a_compose_service(service: str) -> None:
    ports = read_yaml(ROOT / "docker-compose.yml")["services"][service]["ports"]
    assert f"${{DETECTOR_{service.upper()}_PORT:-" in ports[0]


def test_prometheus_scrapes_the_workers_metrics_port() -> None:
    (job,) = read_yaml(DEPLOY / "prometheus" / "prometheus.yml")["scrape_configs"]
    assert [{"targets": ["worker:9108"]}] == job["static_configs"]


def test_the_makefile_helps_with_every_target_that_a_person_types() -> None:
    makefile = (ROOT / "Makefile").read_text()
    helped = set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE))
    assert {"help", "demo", "test", "check", "bench", "accuracy", "up", "down"} == helped


def test_compose_and_the_local_broker_run_the_same_kafka() -> None:
    image = read_yaml(ROOT / "docker-compose.yml")["services"]["kafka"]["image"]
    (version,) = re.findall(
        r"<kafka.version>(.*)</kafka.version>", (DEPLOY / "local" / "pom.xml").read_text()
    )
    assert image == f"apache/kafka:{version}"


def test_the_notice_names_every_dependency_and_every_data_file() -> None:
    notice = (ROOT / "NOTICE").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + [
        one for extra in project["optional-dependencies"].values() for one in extra
    ]
    packages = {re.split(r"[^\w.-]", one)[0] for one in wanted}
    data = {path.name for path in (ROOT / "detector" / "enrich" / "data").iterdir() if path.suffix in DATA}
    assert [] == sorted(name for name in packages | data if name not in notice)


def test_the_changelog_knows_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changelog or f"## [{__version__}]" in changelog
