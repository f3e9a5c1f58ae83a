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
        (  # what WeChat sends on Android
            ANDROID + " Mobile Safari/537.36 MMWEBID/7065 MicroMessenger/8.0.49 WeChat/arm64 Process/tools",
            ClientKind.MOBILE,
        ),
        (ANDROID + " Mobile Safari/537.36 SogouMSE,SogouMobileBrowser/6.5.11", ClientKind.MOBILE),
        (ANDROID.replace("23127PN0CC", "M bot 54") + " Mobile Safari/537.36", ClientKind.MOBILE),
        (ANDROID.replace("23127PN0CC", "Discovery II") + " Mobile Safari/537.36", ClientKind.MOBILE),
        ("Mozilla/5.0 (Linux; Android 9; X20) Mobile Instagram Android (28/9; CUBOT; s)", ClientKind.MOBILE),
        (
            "LAVA.KKT35+.60D_HW (MAUI/KKT35;CHIP/MT6260;WAP Browser/MAUI (HTTPS)) LAVA_KKT35 Release/2013",
            ClientKind.MOBILE,
        ),
        (
            "SonyEricssonJ105i/R1x Browser/NetFront/3.4 Profile/MIDP-2.1 JavaPlatform/JP-8.4",
            ClientKind.MOBILE,
        ),
        (
            "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; chromeframe/19.0)",
            ClientKind.DESKTOP,
        ),
        (
            "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/7.0; GWX:DOWNLOADED)",
            ClientKind.DESKTOP,
        ),
        ("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; QQDownload 677; 360SE)", ClientKind.DESKTOP),
        (
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; from: http://bsalsa.com/ ; 360SE)",
            ClientKind.DESKTOP,
        ),
        ("Dalvik/2.1.0 (Linux; U; Android 11; M2102J2SC Build/RKQ1)", ClientKind.APP),
        ("YouCloud/3.2.1", ClientKind.UNKNOWN),
        ("YouCloud/3", ClientKind.UNKNOWN),
        ("Opera 9.6", ClientKind.UNKNOWN),
    ],
)
def test_odd_words_in_a_persons_agent_make_no_bot(user_agent: str, kind: ClientKind) -> None:
    assert kind == describe_client(user_agent, None).kind


@pytest.mark.parametrize(
    "user_agent",
    [
        CHROME + "; 360Spider",
        CHROME + " SiteMonitor/2.4",
        CHROME + " (compatible; Anything/1.0; +https://example.com/about)",
        ANDROID + " Mobile Safari/537.36 (compatible; NobodysBot/1.0)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
        "Tiny Tiny RSS/1.11 (http://tt-rss.org/)",
        "Link Validator 2.0",
    ],
)
def test_a_robot_is_one_by_its_name_or_its_address_or_where_no_device_is_named(user_agent: str) -> None:
    assert ClientKind.BOT == describe_client(user_agent, None).kind


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
