"""The port where a worker answers Prometheus and probes."""

import socket
from typing import Final

from detector.errors import UnavailableError

EVERYWHERE: Final = "0.0.0.0"  # noqa: S104  # Prometheus and probes ask from outside


def check_port(port: int) -> None:
    """Raise `UnavailableError` for a port in use, before anything else has begun."""
    try:
        socket.create_server((EVERYWHERE, port)).close()
    except OSError as error:
        raise UnavailableError(
            f"port {port} cannot be used for metrics and health ({error.strerror}): free it, or choose "
            "another (--metrics-port, DETECTOR_METRICS_PORT)"
        ) from error
