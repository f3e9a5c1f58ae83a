"""Servers on this machine: for `detector demo`, the integration tests, and `make up`.

`embedded_broker` and `embedded_redis` need nothing but what pip installs. `running_kafka` and `running_redis`
are the real ones, from a container engine where one runs, else from Kafka's jars and a redis-server.
Every server listens on the loopback interface, keeps its files in a folder of its own, and dies with the
process that started it, however that ends.
"""

from detector.local.broker import embedded_broker
from detector.local.kafka_server import running_kafka
from detector.local.redis_server import embedded_redis, running_redis

__all__ = ["embedded_broker", "embedded_redis", "running_kafka", "running_redis"]
