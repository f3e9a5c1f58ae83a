"""A Kafka broker inside this process, for `detector demo`: the mock cluster of confluent-kafka's librdkafka.

It speaks enough of the protocol for one aiokafka worker and Faust, and keeps everything in memory. It is no
broker for tests of recovery: offsets committed inside a transaction are not kept, what an aborted one sent
stays readable, an outlived producer is not fenced, a group's second member is refused, and a partition keeps
its newest 5 MB. Its commit markers fail aiokafka's checksum: consumers need `check_crcs=False`.

confluent-kafka's Python interface can start the cluster but not say how many partitions a topic has, so the
library's own functions are called (rdkafka_mock.h).
"""

import ctypes
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from detector.errors import UnavailableError

_PRODUCER = 0  # RD_KAFKA_PRODUCER: any client may hold the cluster
_NO_ERROR = 0  # RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_CONF_OK
_REPLICAS = 1


@contextmanager
def embedded_broker(partitions: Mapping[str, int]) -> Generator[str]:
    """Run a broker on a free port of the loopback interface and give its `host:port`.

    `partitions` names the topics to create, each with its number of partitions; any other topic is created
    with four when it is first asked for. The broker ends with the context, and all it held with it.

    Raises UnavailableError where confluent-kafka is not installed or its library starts no cluster.
    """
    library = _library()
    client = _client(library)
    try:
        cluster = library.rd_kafka_mock_cluster_new(client, 1)
        if cluster is None:
            msg = "The embedded broker did not start; start Kafka and name it with --brokers."
            raise UnavailableError(msg)
        try:
            # Three seconds of waiting for more members make no sense for one worker.
            library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
            for topic, count in partitions.items():
                _create(library, cluster, topic, count)
            yield library.rd_kafka_mock_cluster_bootstraps(cluster).decode()
        finally:
            library.rd_kafka_mock_cluster_destroy(cluster)
    finally:
        library.rd_kafka_destroy(client)


def _library() -> ctypes.CDLL:
    """Open librdkafka as confluent-kafka brings it; a symbol is looked up in what its module links to."""
    try:
        from confluent_kafka import cimpl  # noqa: PLC0415 - only the demo needs the package
    except ImportError as error:
        msg = (
            "The embedded broker needs confluent-kafka: pip install 'detector[demo]', "
            "or name a running broker with --brokers."
        )
        raise UnavailableError(msg) from error
    library = ctypes.CDLL(cimpl.__file__)
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, arguments in (
        ("rd_kafka_conf_new", pointer, ()),
        ("rd_kafka_conf_set", number, (pointer, text, text, text, ctypes.c_size_t)),
        ("rd_kafka_new", pointer, (number, pointer, text, ctypes.c_size_t)),
        ("rd_kafka_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_new", pointer, (pointer, number)),
        ("rd_kafka_mock_cluster_destroy", None, (pointer,)),
        ("rd_kafka_mock_cluster_bootstraps", text, (pointer,)),
        ("rd_kafka_mock_group_initial_rebalance_delay_ms", None, (pointer, ctypes.c_int32)),
        ("rd_kafka_mock_topic_create", number, (pointer, text, number, number)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _client(library: ctypes.CDLL) -> int:
    """Make the client that every mock cluster hangs on; it connects to nothing and logs nothing."""
    why = ctypes.create_string_buffer(256)
    settings = library.rd_kafka_conf_new()
    library.rd_kafka_conf_set(settings, b"log_level", b"0", why, len(why))
    client: int | None = library.rd_kafka_new(_PRODUCER, settings, why, len(why))
    if client is None:
        msg = f"The embedded broker did not start ({why.value.decode()}); name a running one with --brokers."
        raise UnavailableError(msg)
    return client


def _create(library: ctypes.CDLL, cluster: int, topic: str, count: int) -> None:
    # The library would abort the whole process on a negative count.
    if (
        count < 1
        or library.rd_kafka_mock_topic_create(cluster, topic.encode(), count, _REPLICAS) != _NO_ERROR
    ):
        msg = f"The embedded broker made no topic {topic!r} with {count} partitions; is the number above 0?"
        raise UnavailableError(msg)
