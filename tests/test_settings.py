"""Settings come from one table, say what is wrong with a value, and show no secret."""

import dataclasses
import ssl
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.cli.options import settings_page
from detector.errors import UsageError
from detector.settings import RETIRED, TABLE, Settings, one, unknown_variables
from detector.values import REDIS_URL, duration_ms, duration_text

DOCS = Path(__file__).parents[1] / "docs"
SASL = {
    "DETECTOR_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    "DETECTOR_SASL_MECHANISM": "scram-sha-512",
    "DETECTOR_SASL_PLAIN_USERNAME": "worker",
    "DETECTOR_SASL_PLAIN_PASSWORD": "hunter2",
}
GOOD = {
    "brokers": ("a:1, [::1]:9092", "a:1,[::1]:9092"),
    "redis_url": ("rediss://u:p@host:6380/1", "rediss://u:p@host:6380/1"),
    "group": ("g-1", "g-1"),
    "instance": ("pod-3", "pod-3"),
    "geoip_city": ("a.mmdb,b.mmdb", ("a.mmdb", "b.mmdb")),
    "geoip_asn": ("a.mmdb", ("a.mmdb",)),
    "pseudonym_key": ("s3cret", "s3cret"),
    "pseudonym_key_other": ("n3xt", "n3xt"),
    "alert_key": ("0ther", "0ther"),
    "policy": ("2025.toml, 2026.toml", ("2025.toml", "2026.toml")),
    "trusted_proxies": ("10.0.0.0/8, 2001:db8::1", ("10.0.0.0/8", "2001:db8::1/128")),
    "metrics_port": ("80", 80),
    "log_format": ("JSON", "json"),
    "log_level": ("debug", "debug"),
    "traceback": ("1", True),
    "allowed_lateness_ms": ("0", 0),
    "idle_timeout_ms": ("1m", 60_000),
    "max_ahead_ms": ("0s", 0),
    "commit_interval_ms": ("0.1", 100),
    "checkpoint_interval_ms": ("250ms", 250),
    "rows_in_memory": ("5", 5),
    "session_events_partitions": ("24", 24),
    "crowds_partitions": ("8", 8),
    "findings_partitions": ("1", 1),
    "replication_factor": ("3", 3),
    "enriched_topic_enabled": ("on", True),
    "security_protocol": ("ssl", "SSL"),
}
BAD = {
    "brokers": ("", ["localhost", "a:1,,b:2", "a:0", "a:65536", "http://a:1"]),
    "redis_url": ("unix://", ["localhost:6379", "http://x", "redis://", "redisfoo://x", "redis+cloud://x"]),
    "group": ("", ["a b", "..", "a/b", "g" * 201]),
    "geoip_city": ("", ["a,,b"]),
    "trusted_proxies": ("none", ["10.0.0.1/8", "proxy", "10.0.0.0/33"]),
    "metrics_port": ("from 1 to 65535", ["0", "65536", "x", "-1", "٣"]),
    "allowed_lateness_ms": ("zero or more", ["-1s", "5 weeks", "5S", "1.5ms", "s", "1e3", "99999d"]),
    "idle_timeout_ms": ("more than zero", ["0", "-1", "0ms"]),
    "rows_in_memory": ("from 1", ["0", "-5", "1.5"]),
    "enriched_topic_enabled": ("true or false", ["maybe"]),
    "topic_enforcement": ("letters", ["a b"]),
    "security_protocol": ("SASL_SSL", ["TLS"]),
}


def variable(field: str) -> str:
    return next(setting.variable for setting in TABLE if setting.field == field)


def read(**variables: str) -> Settings:
    return Settings.from_environment(variables)


def test_the_defaults_are_the_contract_s() -> None:
    settings = read()
    assert settings == Settings()
    assert settings.brokers == "localhost:9092"
    assert settings.redis_url == "redis://localhost:6379/0"
    assert settings.metrics_port == 9108
    assert settings.group == "detector"
    assert (5_000, 10_000, 300_000) == (
        settings.allowed_lateness_ms,
        settings.idle_timeout_ms,
        settings.max_ahead_ms,
    )
    assert (200, 2_000) == (settings.commit_interval_ms, settings.checkpoint_interval_ms)
    assert settings.trusted_proxies is None
    assert not settings.enriched_topic_enabled


def test_every_setting_is_in_the_table_once() -> None:
    assert [field.name for field in dataclasses.fields(Settings)] == [setting.field for setting in TABLE]
    assert len({setting.variable for setting in TABLE}) == len(TABLE)


@pytest.mark.parametrize("field", GOOD)
def test_a_variable_sets_its_field(field: str) -> None:
    text, value = GOOD[field]
    assert getattr(read(**{variable(field): f" {text} "}), field) == value


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, (_, texts) in BAD.items() for text in texts]
)
def test_a_wrong_value_is_named_with_what_is_expected(field: str, text: str) -> None:
    with pytest.raises(UsageError) as error:
        read(**{variable(field): text})
    assert str(error.value).startswith(f"{variable(field)}: ")
    assert repr(text) in str(error.value)
    assert BAD[field][0] in str(error.value)


@given(
    st.integers(0, 10**6),
    st.sampled_from([("ms", 1), ("s", 1000), ("", 1000), ("m", 60_000), ("h", 3_600_000)]),
)
def test_a_duration_is_whole_milliseconds(number: int, unit: tuple[str, int]) -> None:
    assert duration_ms(f"{number}{unit[0]}") == number * unit[1]


def test_a_day_is_a_day() -> None:
    assert duration_ms("7d") == 7 * 24 * 3_600_000
    assert duration_ms("1.5h") == 5_400_000


def test_an_override_comes_before_the_variable_and_none_is_none() -> None:
    environ = {"DETECTOR_GROUP": "env", "DETECTOR_METRICS_PORT": "wrong"}
    settings = Settings.from_environment(environ, group=None, metrics_port=1234)
    assert (settings.group, settings.metrics_port) == ("env", 1234)


def test_an_empty_variable_counts_as_unset() -> None:
    assert read(DETECTOR_GROUP="", DETECTOR_TRUSTED_PROXIES=" ") == Settings()


def test_no_proxies_is_not_unknown_proxies() -> None:
    assert read(DETECTOR_TRUSTED_PROXIES="none").trusted_proxies == ()


def test_an_unknown_variable_is_a_warning_with_a_guess() -> None:
    environ = {"DETECTOR_BROKER": "a:1", "DETECTOR_XYZZY_PLUGH": "1", "DETECTOR_GROUP": "g", "PATH": "/bin"}
    assert unknown_variables(environ) == [
        "DETECTOR_BROKER is no setting of the detector and is ignored; did you mean DETECTOR_BROKERS?",
        "DETECTOR_XYZZY_PLUGH is no setting of the detector and is ignored",
    ]


def test_internal_topics_follow_the_group_unless_set() -> None:
    topics = read(DETECTOR_GROUP="eu", DETECTOR_TOPIC_DETECTOR_CASES="matters").topics
    assert topics.crowds == "eu-crowds"
    assert topics.findings == "eu-findings"
    assert topics.control == "eu-control"
    assert topics.cases == "matters"
    assert topics.dead_letters == "session-events.dlq"


def test_every_topic_can_be_set() -> None:
    names = {
        f"{setting.variable}": f"t{place}" for place, setting in enumerate(TABLE) if "topic_" in setting.field
    }
    names.pop("DETECTOR_ENRICHED_TOPIC_ENABLED")
    assert set(dataclasses.asdict(read(**names).topics).values()) == set(names.values())


def test_two_topics_may_not_share_a_name() -> None:
    with pytest.raises(UsageError, match="'enforcement' is set for both enforcement and shadow"):
        read(DETECTOR_TOPIC_ENFORCEMENT_SHADOW="enforcement")


def test_no_secret_is_shown() -> None:
    settings = read(DETECTOR_PSEUDONYM_KEY="hunter1", DETECTOR_REDIS_URL="redis://me:hunter3@h:1/0", **SASL)
    assert "hunter" not in repr(settings) + str(settings)
    assert "redis://***@h:1/0" in repr(settings)
    for name, text in (
        ("DETECTOR_PSEUDONYM_KEY", "hunter\x00"),
        ("DETECTOR_REDIS_URL", "http://me:hunter4@h"),
    ):
        with pytest.raises(UsageError) as error:
            read(**{name: text})
        assert "hunter" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("redis://u:hunter@h:1/0", "redis://***@h:1/0"),
        ("unix://u:hunter@/run/redis.sock?db=1", "unix://***@/run/redis.sock?***"),
        ("redis+sentinel://h/main?sentinel_password=hunter", "redis+sentinel://h/main?***"),
        ("redis://h?password=hunt@hunter", "redis://***"),
        ("redis://u:hun?hunter@h", "redis://***"),
    ],
)
def test_a_redis_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert repr(shown) == REDIS_URL.show(url)


def test_no_secret_is_an_option() -> None:
    options = {setting.option for setting in TABLE}
    assert "--brokers" in options
    assert not {"--pseudonym-key", "--sasl-plain-password"} & options


def test_kafka_is_plain_by_default() -> None:
    assert read().kafka_security() == {"security_protocol": "PLAINTEXT"}


def test_sasl_goes_to_the_clients() -> None:
    assert read(**SASL).kafka_security() == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "worker",
        "sasl_plain_password": "hunter2",
    }


@pytest.mark.parametrize("variables", [{}, SASL])
def test_tls_checks_the_broker(variables: dict[str, str]) -> None:
    protocol = "SASL_SSL" if variables else "SSL"
    context = read(**variables | {"DETECTOR_SECURITY_PROTOCOL": protocol}).kafka_security()["ssl_context"]
    assert isinstance(context, ssl.SSLContext)
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize("field", ["ssl_cafile", "ssl_certfile"])
def test_a_tls_file_that_cannot_be_used_is_named(tmp_path: Path, field: str) -> None:
    path = tmp_path / "file.pem"
    settings = read(**{"DETECTOR_SECURITY_PROTOCOL": "SSL", variable(field): str(path)})
    with pytest.raises(UsageError, match=r"file\.pem"):
        settings.kafka_security()
    path.write_text("no certificate")
    with pytest.raises(UsageError, match=r"file\.pem"):
        settings.kafka_security()


@pytest.mark.parametrize("missing", [name for name in SASL if name != "DETECTOR_SECURITY_PROTOCOL"])
def test_half_of_sasl_is_refused(missing: str) -> None:
    with pytest.raises(UsageError, match=f"{missing} is unset"):
        read(**{name: text for name, text in SASL.items() if name != missing})


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"DETECTOR_SASL_PLAIN_PASSWORD": "x"}, "choose one with SASL"),
        ({"DETECTOR_SSL_CAFILE": "ca.pem"}, "choose one with SSL"),
        ({"DETECTOR_SECURITY_PROTOCOL": "SSL", "DETECTOR_SSL_KEYFILE": "k"}, "without DETECTOR_SSL_CERTFILE"),
    ],
)
def test_security_that_would_not_be_used_is_refused(variables: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read(**variables)


@pytest.mark.parametrize(
    ("environ", "given_value", "value"),
    [
        ({}, None, "text"),
        ({"DETECTOR_LOG_FORMAT": "json"}, None, "json"),
        ({"DETECTOR_LOG_FORMAT": "?"}, "text", "text"),
    ],
)
def test_one_setting_can_be_read_alone(environ: dict[str, str], given_value: Any, value: str) -> None:
    assert one(environ, "log_format", given_value) == value


def test_the_page_is_up_to_date() -> None:
    renew = "from detector.cli.options import settings_page as page; print(page(), end='')"
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == settings_page(), (
        f'python -c "{renew}" > docs/settings.md'
    )


@given(st.integers(1, 10**12))
def test_a_written_duration_is_read_as_itself(duration: int) -> None:
    assert duration == duration_ms(duration_text(duration))


@pytest.mark.parametrize(
    ("duration", "text"), [(200, "200ms"), (90_000, "90s"), (7_200_000, "2h"), (0, "0d")]
)
def test_a_duration_is_written_in_the_largest_unit(duration: int, text: str) -> None:
    assert text == duration_text(duration)


def test_a_setting_of_before_that_would_hide_something_is_not_passed_over() -> None:
    for name in RETIRED:
        with pytest.raises(UsageError, match=f"{name} is no setting any more, unset it: the policy says"):
            read(**{name: "7d"})
        assert read(**{name: ""}) == read()
