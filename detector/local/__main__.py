"""`python -m detector.local up|down|keep ROOT`, for the Makefile; `ROOT` is the repository's folder."""

import sys
from pathlib import Path

from detector.errors import DetectorError
from detector.local.keeper import down, keep, up


def _main(action: str, root: Path) -> None:
    if action == "up":
        sys.stdout.write(up(root))
    elif action == "down":
        sys.stdout.write("stopped\n" if down(root) else "nothing was running\n")
    else:
        keep(root)


if __name__ == "__main__":
    try:
        _main(sys.argv[1], Path(sys.argv[2]).resolve())
    except DetectorError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
