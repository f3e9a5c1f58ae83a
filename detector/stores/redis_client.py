"""One address, one client: a single Redis, a cluster, or one found through sentinels.

| form | what answers there |
| --- | --- |
| `redis://[user:password@]host[:port][/db]` | one server; `rediss://` with TLS |
| `unix://[user:password@]/path/to/redis.sock[?db=…]` | one server on this machine, through its socket |
| `redis+cluster://[user:password@]host[:port],host[:port]…` | a Redis Cluster, some of its nodes |
| `redis+sentinel://[user:password@]host[:port],host[:port]…/service[/db]` | sentinels, and the name of the \
service they watch |

`rediss+cluster://` and `rediss+sentinel://` are the same with TLS. User and password are the Redis
servers'; for sentinels that ask for their own there is `?sentinel_username=…&sentinel_password=…`. What else
redis-py reads from a query (`ssl_ca_certs`, `socket_timeout`, …) holds in every form.
"""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ConstantBackoff

from detector.errors import UsageError
from detector.values import REDIS_SCHEMES

RedisClient = Redis | RedisCluster

_DEFAULT_PORTS = {"single": 6379, "cluster": 6379, "sentinel": 26379}
_SOCKET_TIMEOUT_S = 5.0
_CONNECT_TIMEOUT_S = 2.0
# One repetition, at once: a connection that the server closed while idle is no outage. The Lua tolerates it.
_RETRIES = 1


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """What a URL says.

    `options` are redis-py's keyword arguments for a connection to a Redis server, `sentinel_options` those
    for one to a sentinel. `form` is `single`, `cluster`, `sentinel` or `socket`; a socket has no hosts but
    its path among `options`. `service` is empty but for the sentinel form.
    """

    form: str
    hosts: tuple[tuple[str, int], ...]
    service: str
    options: dict[str, Any]
    sentinel_options: dict[str, Any]

    def __str__(self) -> str:
        """Where it is, without a password: for messages."""
        if self.form == "socket":
            return str(self.options["unix_socket_path"])
        return ",".join(f"{host}:{port}" for host, port in self.hosts)


def parse_address(url: str) -> RedisAddress:
    """Read a Redis URL in one of the forms above; `UsageError` where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in REDIS_SCHEMES:
        raise UsageError(f"the Redis URL begins with {parts.scheme!r}: use one of {', '.join(REDIS_SCHEMES)}")
    if parts.scheme == "unix":
        return _socket(url)
    scheme, _, kind = parts.scheme.partition("+")
    form = kind or "single"
    userinfo, at, hosts = parts.netloc.rpartition("@")
    path = parts.path.strip("/").split("/")
    service = path.pop(0) if form == "sentinel" else ""
    if form == "sentinel" and not service:
        raise UsageError(
            "a sentinel Redis URL names the service: redis+sentinel://host:port,host:port/service/db"
        )
    query = dict(parse_qsl(parts.query))
    sentinel_options = {
        name.removeprefix("sentinel_"): query.pop(name)
        for name in list(query)
        if name.startswith("sentinel_")
    }
    plain = urlunsplit((scheme, f"{userinfo}{at}localhost", "/".join(path), urlencode(query), ""))
    return RedisAddress(
        form=form,
        hosts=tuple(_host(host, _DEFAULT_PORTS[form]) for host in hosts.split(",")),
        service=service,
        options=_options(plain),
        sentinel_options=sentinel_options,
    )


def connect(address: RedisAddress) -> RedisClient:
    """Make the client; it connects with its first call. `UsageError` for options that redis-py has not."""
    try:
        return _client(address)
    except TypeError as error:
        raise UsageError(f"the Redis URL has an option that redis-py does not know: {error}") from error


def _client(address: RedisAddress) -> RedisClient:
    options = {
        "socket_timeout": _SOCKET_TIMEOUT_S,
        "socket_connect_timeout": _CONNECT_TIMEOUT_S,
        **address.options,
    }
    if address.form == "cluster":
        options.pop("db", None)  # a cluster has one database
        nodes = [ClusterNode(host, port) for host, port in address.hosts]
        return RedisCluster(startup_nodes=nodes, **options)
    options["retry"] = Retry(ConstantBackoff(0), _RETRIES)
    if address.form == "sentinel":
        asked = {"socket_timeout": _CONNECT_TIMEOUT_S, **_shared(options), **address.sentinel_options}
        # redis-py gives no types here
        sentinels = Sentinel(list(address.hosts), sentinel_kwargs=asked, **options)  # type: ignore[no-untyped-call]
        return cast("Redis", sentinels.master_for(address.service))
    if address.form == "socket":
        return Redis(**options)
    (host, port), *others = address.hosts
    if others:
        raise UsageError(f"several Redis hosts ({address}) need redis+cluster:// or redis+sentinel://")
    return Redis(host=host, port=port, **options)


async def disconnect(client: RedisClient) -> None:
    """Close the client's connections, those to sentinels too, which redis-py leaves open."""
    manager = getattr(getattr(client, "connection_pool", None), "sentinel_manager", None)
    await client.aclose()
    for sentinel in [] if manager is None else manager.sentinels:
        await sentinel.aclose()


def _socket(url: str) -> RedisAddress:
    options = _options(url)
    if urlsplit(url).hostname or "path" not in options:
        raise UsageError(
            "the Redis URL names no socket: write unix:///path/to/redis.sock, with the path from the root"
        )
    options["unix_socket_path"] = options.pop("path")
    return RedisAddress(form="socket", hosts=(), service="", options=options, sentinel_options={})


def _host(text: str, default_port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    try:
        port = parts.port
    except ValueError as error:
        raise UsageError(f"the Redis URL has a port that is none in {text!r}: {error}") from error
    if not parts.hostname:
        raise UsageError("the Redis URL names no host: write redis://host:port/db")
    return parts.hostname, default_port if port is None else port


def _options(plain_url: str) -> dict[str, Any]:
    """Let redis-py read user, password, database and query of a `redis://`, `rediss://` or `unix://` URL."""
    try:
        options: dict[str, Any] = dict(parse_url(plain_url))
    except ValueError as error:
        raise UsageError(f"the Redis URL has an option that cannot be read: {error}") from error
    if options.pop("connection_class", None) is SSLConnection:
        options["ssl"] = True
    options.pop("host", None)
    return options


def _shared(options: dict[str, Any]) -> dict[str, Any]:
    """Tell what holds for a connection to a sentinel too: TLS, not who may enter or which database."""
    return {name: value for name, value in options.items() if name.startswith("ssl")}
