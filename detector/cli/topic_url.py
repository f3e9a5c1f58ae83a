"""A Kafka topic on the command line: `kafka://HOST:PORT/TOPIC`, more brokers separated by commas."""

from dataclasses import dataclass
from typing import Final, Self

from detector.errors import UsageError
from detector.values import BROKERS, KAFKA_NAME

SCHEME: Final = "kafka://"


@dataclass(frozen=True, slots=True)
class TopicUrl:
    """A topic and where to ask for it."""

    brokers: str
    topic: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a URL, None where the text is none; raises `UsageError` for half of one."""
        if not text.startswith(SCHEME):
            return None
        brokers, _, topic = text.removeprefix(SCHEME).partition("/")
        try:
            return cls(BROKERS.parse(brokers), KAFKA_NAME.parse(topic))
        except ValueError:
            raise UsageError(
                f"{text!r} is no topic: write it as kafka://HOST:PORT/TOPIC, several brokers as "
                "kafka://HOST:PORT,HOST:PORT/TOPIC"
            ) from None
