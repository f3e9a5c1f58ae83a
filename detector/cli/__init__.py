"""The command line: `detector`, one file a command.

`main` is the entry point; the table of commands and the exit codes live in main.py.
"""

from detector.cli.main import main

__all__ = ["main"]
