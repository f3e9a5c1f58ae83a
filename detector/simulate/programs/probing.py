"""What scanners ask for: files that should not be there, other people's software, injections in paths."""

from dataclasses import dataclass
from random import Random

from detector.simulate.programs.pace import Pace
from detector.simulate.world.visits import Recorder, Visit

# The kinds of path that public word lists of scanners begin with.
# Source: https://github.com/danielmiessler/SecLists/tree/master/Discovery/Web-Content
FILES = (
    "/.env",
    "/.env.production",
    "/.git/config",
    "/.git/HEAD",
    "/.svn/entries",
    "/.DS_Store",
    "/backup.zip",
    "/db.sql.gz",
    "/web.config",
    "/config.php.bak",
    "/id_rsa",
    "/WEB-INF/web.xml",
    "/server-status",
    "/actuator/env",
    "/actuator/heapdump",
    "/v2/_catalog",
    "/swagger-ui.html",
    "/phpinfo.php",
    "/composer.json",
    "/docker-compose.yml",
)
SOFTWARE = (
    "/wp-login.php",
    "/xmlrpc.php",
    "/wp-admin/install.php",
    "/wp-content/plugins/revslider/readme.txt",
    "/phpmyadmin/index.php",
    "/administrator/index.php",
    "/manager/html",
    "/solr/admin/info/system",
    "/owa/auth/logon.aspx",
    "/cgi-bin/luci",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/boaform/admin/formLogin",
    "/index.php?s=/Index/%5Cthink%5Capp/invokefunction",
    "/hudson",
    "/console/login/LoginForm.jsp",
)
INJECTIONS = (
    "/materials/{}%27%20OR%20%271%27=%271",
    "/materials/{}%20UNION%20SELECT%20NULL,NULL,NULL--",
    "/materials/{}%27%20AND%20SLEEP(5)--%20-",
    "/search/%3Cscript%3Ealert({})%3C%2Fscript%3E",
    "/reports/..%2f..%2f..%2f{}%2fetc%2fpasswd",
    "/boards/{}%3Bcat%20/etc/passwd",
    "/media/thumb/..%252f..%252f{}.ini",
    "/api/v2/materials/{}?id=1%20AND%201=2",
)
GUESSED = (
    "/admin{}",
    "/backup{}",
    "/old{}",
    "/test{}",
    "/dev{}",
    "/api/v1/internal{}",
    "/private{}",
    "/files{}",
)
POST_SHARE = 0.1
ENDINGS = ("", "/", ".php", ".bak", ".zip", ".tar.gz", ".sql", ".json", ".old", ".txt", ".jsp", ".asp")


@dataclass(frozen=True, slots=True)
class Scan:
    """Asks for one path of the scanners' lists after the other, hardly ever answered but by 404 and 403.

    `hidden_share` of the requests are ordinary pages, which the careful put in between.
    """

    requests: int
    pace: Pace
    hidden_share: float = 0.0

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = float(visit.start_ms)
        for _ in range(self.requests):
            if time_ms >= visit.end_ms:
                return
            if rng.random() < self.hidden_share:
                method, path, code = "GET", rng.choice(("/", "/rankings", "/about", "/pricing")), 200
            else:
                method, path, code = _probe(rng)
            record.add(
                "request", int(time_ms), method=method, path=path, status=code, bytes=rng.randrange(150, 900)
            )
            time_ms += self.pace.gap(rng)


def _probe(rng: Random) -> tuple[str, str, int]:
    kind = rng.choices((FILES, SOFTWARE, INJECTIONS, GUESSED), (30, 25, 20, 25))[0]
    path = rng.choice(kind)
    if kind is GUESSED:
        path = path.format(rng.choice(("", str(rng.randrange(30))))) + rng.choice(ENDINGS)
    else:
        path = path.replace("{}", str(rng.randrange(100_000)))
    method = "POST" if rng.random() < POST_SHARE else "GET"
    return method, path, rng.choices((404, 403, 400, 500, 200), (78, 12, 6, 2, 2))[0]
