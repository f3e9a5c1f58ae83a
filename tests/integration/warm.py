"""What a worker needs before its first event: imported, and its kernels read, before it is forked."""

import detector.cli.worker
import detector.stream.app
import detector.stream.worker  # noqa: F401  # for those that are forked
from detector.stages.kernels import warm_up

warm_up()
