"""The demo: the whole live pipeline on this machine, from simulated events to alerts.

`history` simulates people and abusers, `servers` finds or starts the broker and Redis, `worker` runs the
live worker as a process of its own and reads its metrics, `feed` and `collect` write and read Kafka as the
platform would, and `run` puts them together.
"""

from detector.demo.history import Simulated, simulated
from detector.demo.run import Played, play, prepare
from detector.demo.servers import Surroundings, surroundings
from detector.demo.worker import LiveWorker, running_worker

__all__ = [
    "LiveWorker",
    "Played",
    "Simulated",
    "Surroundings",
    "play",
    "prepare",
    "running_worker",
    "simulated",
    "surroundings",
]
