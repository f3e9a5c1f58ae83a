"""A real Apache Kafka, one node in KRaft mode: from a container engine where one runs, else from its jars."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from aiokafka.client import AIOKafkaClient

from detector.errors import UnavailableError
from detector.local.containers import engine_runs, running_service
from detector.local.process import accepts, finished, free_ports, running, wait_until

_CLUSTER_ID = "detector-local-cluster"  # 22 characters, as Kafka's base64 ids have
_FETCH_SECONDS = 600
_FORMAT_SECONDS = 60
_JAVA = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData")

# Topics are made by those who need them, with the partitions they need: a forgotten one shall show.
_SETTINGS = """\
node.id=1
process.roles=broker,controller
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
log.dirs={folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
"""


@contextmanager
def running_kafka(folder: Path, *, root: Path, port: int | None = None) -> Generator[str]:
    """Run a broker with its files in `folder`, on `port` or else a free one, and give its `host:port`.

    `root` is the repository's: its docker-compose.yml serves where a container engine runs, else
    deploy/local/pom.xml names the jars, which are kept in .cache/kafka. Not for use inside an event loop.
    Raises UnavailableError where there is neither an engine nor Java and Maven, or no broker starts.
    """
    if engine_runs():
        with running_service("kafka", root=root, port=port) as chosen:
            yield f"127.0.0.1:{chosen}"
    else:
        with _served(folder, _jars(root), port) as bootstrap:
            yield bootstrap


@contextmanager
def _served(folder: Path, jars: Path, port: int | None) -> Generator[str]:
    free, controller = free_ports(2)
    chosen = free if port is None else port
    settings, log = folder / "server.properties", folder / "kafka.log"
    settings.write_text(_SETTINGS.format(port=chosen, controller=controller, folder=folder))
    java = (_program("java"), *_JAVA, "-cp", f"{jars}/*")
    formatting = ("kafka.tools.StorageTool", "format", "--standalone", "-t", _CLUSTER_ID, "-c", str(settings))
    formatted, said = finished([*java, *formatting], seconds=_FORMAT_SECONDS)
    if not formatted:
        msg = f"Kafka could not format its folder (it needs Java 17 or newer): {said[-500:]}"
        raise UnavailableError(msg)
    with running([*java, "kafka.Kafka", str(settings)], log) as server:
        wait_until(lambda: accepts(chosen), server, log, what="Kafka")
        bootstrap = f"127.0.0.1:{chosen}"
        wait_until(lambda: asyncio.run(_answers(bootstrap)), server, log, what="Kafka")
        yield bootstrap


async def _answers(bootstrap: str) -> bool:
    client = AIOKafkaClient(bootstrap_servers=bootstrap)
    try:
        await client.bootstrap()
        return bool(client.cluster.brokers())
    finally:
        await client.close()


def _jars(root: Path) -> Path:
    """Give the folder of Kafka's jars, fetched by Maven the first time that this pom.xml is met."""
    pom = root / "deploy" / "local" / "pom.xml"
    folder = root / ".cache" / "kafka" / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if folder.is_dir():
        return folder
    fetched = folder.with_suffix(f".{os.getpid()}")
    command = (_program("mvn"), "--batch-mode", "--quiet", "--file", str(pom), f"-DoutputDirectory={fetched}")
    done, said = finished([*command, "dependency:copy-dependencies"], seconds=_FETCH_SECONDS)
    if not done:
        msg = f"Maven could not fetch Kafka's jars: {said[:500]}"
        raise UnavailableError(msg)
    try:
        fetched.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(fetched)  # another process fetched the same meanwhile
    return folder


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        msg = f"Kafka needs {name}: `make test` and `make up` install it; or start a container engine."
        raise UnavailableError(msg)
    return found
