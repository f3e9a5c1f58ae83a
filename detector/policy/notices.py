"""The sentence for an account's holder, in Chinese and English, by category.

It names what was seen and the clause, never a threshold: that would help only who evades it.
"""

from typing import Final

from detector.categories import CLAUSES

NOTICES: Final[dict[str, tuple[str, str]]] = {
    "account_sharing": (
        "您的账号疑似由多人共同使用，账号仅限本人使用。",
        "Your account appears to be used by several people; it is for its holder alone.",
    ),
    "seat_sharing": (
        "您的席位疑似由多人共同使用，每个席位仅限一人使用。",
        "Your seat appears to be used by several people; a seat is for one person.",
    ),
    "account_transfer": (
        "您的账号疑似已转让或出租给他人使用。",
        "Your account appears to have been handed, sold or rented to somebody else.",
    ),
    "datacenter_access": (
        "您的账号疑似通过云服务商网络访问本服务。",
        "Your account appears to be used from a cloud provider's network.",
    ),
    "city_switching": (
        "您的账号在短时间内于多个城市之间切换使用。",
        "Your account is being used from several cities by turns.",
    ),
    "crawler": (
        "检测到疑似使用爬虫或脚本访问本服务的行为。",
        "Access by a crawler or a script was noticed.",
    ),
    "batch_registration": (
        "检测到疑似批量注册账号的行为。",
        "Registration of accounts in bulk was noticed.",
    ),
    "credential_attack": (
        "有人多次尝试登录您的账号，请确认密码安全。",
        "Somebody tried many times to log in to your account; please make sure that your password is safe.",
    ),
    "account_takeover": (
        "您的账号可能已被他人登录，请尽快修改密码。",
        "Somebody else may have entered your account; please change your password.",
    ),
    "probing": (
        "检测到针对本服务的漏洞探测行为。",
        "Scanning of the service for weaknesses was noticed.",
    ),
    "flooding": (
        "检测到影响服务正常运行的大量请求。",
        "A volume of requests that disturbs the service was noticed.",
    ),
    "ip_spoofing": (
        "检测到伪造或矛盾的来源地址。",
        "A forged or contradictory source address was noticed.",
    ),
    "unauthorized_client": (
        "检测到未经许可的插件或第三方客户端。",
        "A plug-in or client without licence was noticed.",
    ),
    "compromise_report": (
        "我们已收到您的账号被盗用报告。",
        "Your report that your account was misused has arrived.",
    ),
}


OF_ORGANISATIONS: Final[dict[str, tuple[str, str]]] = {
    "seat_sharing": (
        "贵组织同时使用席位的人数疑似超过所购席位数。",
        "More people of your organisation appear to be at work at once than it has bought seats for.",
    ),
}
"""What is said otherwise to an organisation than to an account's holder."""


def notice(category: str, subject: str = "account") -> dict[str, str]:
    """Return the sentences for a category and a type of subject, with the clauses they rest on."""
    of_subject = OF_ORGANISATIONS if subject == "org" else NOTICES
    chinese, english = of_subject.get(category, NOTICES[category])
    clauses = CLAUSES[category]
    return {
        "zh": f"{chinese}（用户协议第{'、'.join(clauses)}条）",
        "en": f"{english} (User agreement, {', '.join(clauses)})",
    }
