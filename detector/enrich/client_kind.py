"""The kinds of client that the rules tell apart."""

from enum import IntEnum


class ClientKind(IntEnum):
    """What a request was made with, by its own word. Rows hold the number: append, never reorder."""

    UNKNOWN = 0
    DESKTOP = 1
    """A browser on a computer; iPadOS, which calls itself a Mac, as well."""
    MOBILE = 2
    TABLET = 3
    TOOL = 4
    """A program's HTTP library or a command-line client: curl, python-requests, Go-http-client."""
    BOT = 5
    """A declared crawler, monitor or scanner."""
    HEADLESS = 6
    """A browser driven by a program that says so: HeadlessChrome, PhantomJS."""
    APP = 7
    """A native application, mostly on a phone or tablet."""
