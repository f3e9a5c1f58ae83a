"""A streaming detector of account abuse.

Session events come in from Kafka, alerts go out to the enforcement topic; README.md says how to run it,
docs/design.md why it is shaped as it is.
"""

__version__ = "0.1.0"
