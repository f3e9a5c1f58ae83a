"""Redis addresses: every form, and what is none."""

import pytest
from redis.asyncio import Redis, RedisCluster

from detector.errors import UsageError
from detector.stores.redis_client import connect, parse_address
from detector.values import REDIS_SCHEMES, REDIS_URL


def test_a_plain_url_is_one_server() -> None:
    address = parse_address("redis://:pass%40word@redis.example:6380/3")

    assert (("redis.example", 6380),) == address.hosts
    assert "single" == address.form
    assert {"password": "pass@word", "db": 3} == address.options


def test_ports_default_to_those_of_what_answers() -> None:
    assert (("a", 6379),) == parse_address("redis://a").hosts
    assert (("a", 6379), ("b", 7000)) == parse_address("redis+cluster://a,b:7000").hosts
    assert (("a", 26379), ("b", 26379)) == parse_address("redis+sentinel://a,b/main").hosts
    assert (("::1", 6379),) == parse_address("redis://[::1]/0").hosts


def test_a_sentinel_url_names_service_database_and_the_sentinels_own_password() -> None:
    address = parse_address("rediss+sentinel://u:p@a:1,b:2/main/4?sentinel_password=s&ssl_ca_certs=/ca.pem")

    assert "main" == address.service
    assert {
        "username": "u",
        "password": "p",
        "db": 4,
        "ssl": True,
        "ssl_ca_certs": "/ca.pem",
    } == address.options
    assert {"password": "s"} == address.sentinel_options


def test_a_unix_url_is_the_socket_of_one_server() -> None:
    address = parse_address("unix://u:p%40w@/run/redis/redis.sock?db=2")

    assert "/run/redis/redis.sock" == str(address)
    assert {"unix_socket_path": "/run/redis/redis.sock", "username": "u", "password": "p@w", "db": 2} == (
        address.options
    )


def test_a_message_never_shows_the_password() -> None:
    assert "a:1,b:2" == str(parse_address("redis+cluster://user:secret@a:1,b:2"))


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://localhost",
        "redis+cloud://a",
        "redis+sentinel://a:1,b:2",
        "redis://a:port",
        "redis://",
        "redis://a?socket_timeout=soon",
        "unix://",
        "unix://run/redis.sock",
        "unix+cluster:///run/redis.sock",
    ],
)
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(UsageError, match="Redis URL"):
        parse_address(url)


def test_several_plain_hosts_need_a_form_that_has_several() -> None:
    with pytest.raises(UsageError, match="redis\\+cluster"):
        connect(parse_address("redis://a,b"))


@pytest.mark.parametrize(
    "url", ["redis://a?colour=red", "redis+cluster://a?colour=red", "unix:///a?colour=red"]
)
def test_an_option_that_there_is_not_is_named(url: str) -> None:
    with pytest.raises(UsageError, match=r"Redis URL.*'colour'"):
        connect(parse_address(url))


@pytest.mark.parametrize(
    "scheme", [*REDIS_SCHEMES, "http", "redis+cloud", "redis+", "rediss+unix", "redissss", "unix+sentinel"]
)
def test_the_setting_takes_the_schemes_that_the_store_takes(scheme: str) -> None:
    url = f"{scheme}:///run/a.sock" if scheme == "unix" else f"{scheme}://a:1/main"
    taken = []
    for read in (REDIS_URL.parse, parse_address):
        try:
            read(url)
        except (ValueError, UsageError):
            taken.append(False)
        else:
            taken.append(True)

    assert [scheme in REDIS_SCHEMES] * 2 == taken


async def test_each_form_has_its_client() -> None:
    assert isinstance(connect(parse_address("rediss://a")), Redis)
    assert isinstance(connect(parse_address("unix:///run/redis.sock")), Redis)
    assert isinstance(connect(parse_address("redis+sentinel://a/main/2")), Redis)
    assert isinstance(connect(parse_address("redis+cluster://a,b")), RedisCluster)
