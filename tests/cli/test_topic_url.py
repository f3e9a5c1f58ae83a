"""A topic on the command line."""

import pytest

from detector.cli.topic_url import TopicUrl
from detector.errors import UsageError


def test_a_url_names_brokers_and_topic() -> None:
    assert TopicUrl("a:9092", "enforcement.shadow") == TopicUrl.parse("kafka://a:9092/enforcement.shadow")
    assert TopicUrl("a:1,[::1]:2", "t") == TopicUrl.parse("kafka://a:1,[::1]:2/t")


@pytest.mark.parametrize("text", ["-", "alerts.jsonl", "/kafka://", "./kafka:/a"])
def test_a_file_is_no_url(text: str) -> None:
    assert TopicUrl.parse(text) is None


@pytest.mark.parametrize(
    "text", ["kafka://", "kafka://a/t", "kafka://a:1", "kafka://a:1/", "kafka://a:1/t/u"]
)
def test_half_a_url_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="kafka://HOST:PORT/TOPIC"):
        TopicUrl.parse(text)
