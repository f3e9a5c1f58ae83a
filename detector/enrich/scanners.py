"""Paths that only who looks for weaknesses asks for, and what kind of weakness that is.

Sources: MITRE ATT&CK T1595.002 and .003 (vulnerability and wordlist scanning); the lists of CrowdSec's hub
(http-sensitive-files, http-admin-interface-probing, http-backdoors-attempts, http-path-traversal-probing,
http-sqli-probing, http-xss-probing); the OWASP Core Rule Set's groups 930 to 942.

Left out is what innocent programs ask for by themselves: `.well-known`, `autodiscover.xml`, `wpad.dat`,
`apple-touch-icon*`, `robots.txt`, `crossdomain.xml`, and plain words such as `/admin` or `/test`, which
people try. Misses: weaknesses of the platform's own, and what the body of a request holds.
"""

import re
from enum import IntEnum
from typing import Final
from urllib.parse import unquote_plus


class Probe(IntEnum):
    """What a path looks for. Rows hold the number as a bit: append, never reorder."""

    NONE = 0
    SECRETS = 1
    """Keys, settings and histories that a careless deployment leaves behind."""
    BLOGS = 2
    """WordPress."""
    PORTALS = 3
    """Other systems of publishing: Joomla, Drupal, dedeCMS, the editors that they embed."""
    CONSOLES = 4
    """Consoles of databases, servers and frameworks."""
    DEVICES = 5
    """Routers and cameras."""
    SHELLS = 6
    """What others left behind after breaking in, and what runs code."""
    DUMPS = 7
    """Copies of the site or its database."""
    TRAVERSAL = 8
    INJECTION = 9


_SEGMENTS: Final = {
    Probe.SECRETS: ".git .svn .hg .bzr .aws .ssh .htpasswd .htaccess .ds_store .npmrc .dockerenv"
    " .bash_history .idea .vscode .config .docker id_rsa id_dsa wp-config.php web.config docker-compose.yml"
    " .gitlab-ci.yml .travis.yml credentials.json secrets.json web-inf meta-inf .mysql_history .pgpass"
    " .netrc .kube",
    Probe.BLOGS: "wp-login.php wp-admin wp-content wp-includes xmlrpc.php wlwmanifest.xml wp-cron.php"
    " wp-signup.php wp-json",
    Probe.PORTALS: "administrator admin.php fckeditor ckfinder kindeditor ueditor typo3 dede bitrix joomla"
    " drupal magento admin_login.php admin.asp admin.aspx",
    Probe.CONSOLES: "phpmyadmin pma myadmin phpmyadmin2 mysqladmin adminer adminer.php phpinfo.php phppgadmin"
    " server-status server-info jmx-console web-console admin-console invoker actuator solr jenkins hudson"
    " _ignition telescope _all_dbs _catalog druid nacos wls-wsat _profiler elmah.axd trace.axd owa ecp"
    " geoserver nagios cacti axis2 hystrix.stream",
    Probe.DEVICES: "cgi-bin boaform hnap1 gponform setup.cgi luci goform webfig currentsetting.htm",
    Probe.SHELLS: "shell.php cmd.php c99.php r57.php webshell.php eval-stdin.php phpunit cmd.jsp shell.jsp"
    " shell.asp shell.aspx alfa.php wso.php b374k.php",
}
_KINDS: Final = {text: kind for kind, texts in _SEGMENTS.items() for text in texts.split()}
_KNOWN: Final = frozenset(_KINDS)
_BEGINNINGS: Final = (".env", "wp-config")
_PAIRS: Final = ("/manager/html", "/console/login/loginform.jsp", "/host-manager/html")
_DUMP: Final = re.compile(
    r"(?:backups?|bak|database|db|dump|data|sql|mysql|site|web|www|wwwroot|htdocs|old|test|dev|src|source|"
    r"config|files?|public_html|[\w-]+\.(?:com|cn|net|org))?[-_\d.]*\.(?:sql|bak|old|swp|tar|tgz|zip|rar|7z|gz)"
    r"(?:\.(?:gz|bz2|xz|zip))?|[\w.-]+\.(?:php|jsp|aspx?|py|conf|ini|ya?ml)\.(?:bak|old|orig|save|swp)"
)
_ODD: Final = re.compile(r"[%'\"<>$;|(`{\\]|\.\.")
"""Without any of these a path neither climbs nor injects."""
_TRAVERSAL: Final = re.compile(
    r"(?:^|[/\\=])\.\.+[/\\]|/etc/(?:passwd|shadow|hosts)\b|\bwin\.ini\b|\bboot\.ini\b|/proc/self/"
)
_INJECTION: Final = re.compile(
    r"\bunion\b.{0,20}\bselect\b|['\"]\s*(?:or|and)\s+['\"(]?\w+['\"]?\s*(?:=|like|--)|\b(?:or|and)\s+\d+=\d+"
    r"|\b(?:sleep|benchmark|pg_sleep|extractvalue|updatexml|load_file)\s*\(|waitfor\s+delay"
    r"|information_schema|<\s*script|javascript:\s*\w|\bon(?:error|load|mouseover)\s*=|<\s*(?:img|svg|iframe)\b"
    r"|\$\{(?:jndi|env|sys|lower|upper|::|\d+\*)|\{\{\s*\d+\s*\*|[;|`&]\s*(?:cat|id|ls|wget|curl|whoami|uname)\b"
    r"|\$\(\s*\w|<\?php|php://(?:input|filter)|\bxp_cmdshell\b|invokefunction|call_user_func|allow_url_include"
)
LOOKED_AT: Final = 1024
"""Characters of a path that are looked at."""


def probe_of(path: str) -> Probe:
    """Return what a path, with its query, looks for."""
    text = path[:LOOKED_AT].lower()
    if _ODD.search(text):
        plain = unquote_plus(unquote_plus(text))
        if _TRAVERSAL.search(plain):
            return Probe.TRAVERSAL
        if _INJECTION.search(plain):
            return Probe.INJECTION
    bare = text.partition("?")[0]
    parts = bare.split("/")
    if not _KNOWN.isdisjoint(parts):
        return next(_KINDS[part] for part in parts if part in _KNOWN)
    last = parts[-1]
    if last.startswith(_BEGINNINGS):
        return Probe.SECRETS
    if bare.endswith(_PAIRS):
        return Probe.CONSOLES
    return Probe.DUMPS if "." in last and _DUMP.fullmatch(last) else Probe.NONE
