"""What a user agent says of its client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.enrich import CRAWLER_OPERATORS, ClientKind
from detector.enrich.clients import LOOKED_AT, Client, describe_client

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0"
)
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN"
)


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (CHROME, ClientKind.DESKTOP),
        (CHROME + " QIHU 360SE", ClientKind.DESKTOP),
        (WECHAT, ClientKind.MOBILE),
        (ANDROID + " Mobile Safari/537.36", ClientKind.MOBILE),
        (ANDROID + " Safari/537.36", ClientKind.TABLET),
        (
            "Mozilla/5.0 (PC; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0.0.0 ArkWeb/4.1",
            ClientKind.DESKTOP,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) Version/16.5 Mobile/15E148 Safari/604.1",
            ClientKind.TABLET,
        ),
        ("curl/8.4.0", ClientKind.TOOL),
        ("python-requests/2.31.0", ClientKind.TOOL),
        ("Go-http-client/1.1", ClientKind.TOOL),
        ("okhttp/4.9.0", ClientKind.TOOL),
        (CHROME.replace("Chrome/", "HeadlessChrome/"), ClientKind.HEADLESS),
        (
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            ClientKind.BOT,
        ),
        ("Reeder/5.1 CFNetwork/1485 Darwin/23.1.0", ClientKind.APP),
        ("", ClientKind.UNKNOWN),
        ("-", ClientKind.UNKNOWN),
        (None, ClientKind.UNKNOWN),
    ],
)
def test_a_user_agent_tells_the_kind(user_agent: str | None, kind: ClientKind) -> None:
    assert kind == describe_client(user_agent, None).kind


def test_a_browser_has_family_version_and_system() -> None:
    assert Client(ClientKind.DESKTOP, "Chrome", 124, "Windows", 0) == describe_client(CHROME, "web")


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        ("okhttp/4.9.0", ClientKind.APP),
        ("foo/5.1 (iPhone; iOS 17.0)", ClientKind.APP),
        (None, ClientKind.APP),
        ("python-requests/2.31.0", ClientKind.TOOL),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", ClientKind.BOT),
    ],
)
def test_an_applications_name_explains_a_phones_library_but_no_script(
    user_agent: str | None, kind: ClientKind
) -> None:
    assert kind == describe_client(user_agent, "ios").kind


@pytest.mark.parametrize(
    ("user_agent", "operator"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "google"),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bing"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1)", "openai"),
        ("TelegramBot (like TwitterBot)", "telegram"),
        ("facebookexternalhit/1.1", "facebook"),
        (CHROME, ""),
    ],
)
def test_a_crawler_names_its_operator(user_agent: str, operator: str) -> None:
    assert operator == CRAWLER_OPERATORS[describe_client(user_agent, None).crawler]


@given(st.text(max_size=2000), st.none() | st.text(max_size=20))
def test_any_text_is_described_and_no_more_than_its_head_is_looked_at(text: str, name: str | None) -> None:
    assert describe_client(text[:LOOKED_AT], name) == describe_client(text, name)


def test_what_stands_behind_the_head_is_not_seen() -> None:
    assert Client(ClientKind.DESKTOP, "Chrome", 124, "Windows", 0) == describe_client(
        CHROME.ljust(LOOKED_AT) + "Googlebot", None
    )


def test_a_version_too_long_for_its_field_is_cut() -> None:
    assert 65535 == describe_client(CHROME.replace("124", "9" * 40), None).major
