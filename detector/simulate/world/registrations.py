"""What people and programs write into a registration form: names, mail domains, phones, invite codes."""

from dataclasses import dataclass
from random import Random

# Where private mail lives in China, by about how common it is.
MAIL = (("qq.com", 48), ("163.com", 20), ("126.com", 7), ("outlook.com", 7), ("foxmail.com", 6))
MAIL_REST = (("139.com", 4), ("sina.com", 3), ("gmail.com", 3), ("aliyun.com", 2))
# Mobile numbers by their first three digits; 165, 167, 170 and 171 belong to virtual operators, whose cards
# need no contract. Source: numbering of the Ministry of Industry and Information Technology.
PHONES = ("136", "138", "139", "150", "152", "158", "159", "177", "181", "186", "188", "189", "198")
VIRTUAL_PHONES = ("165", "167", "170", "171")
SURNAMES = ("wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu", "xu", "sun", "hu")
SYLLABLES = (
    "wei",
    "fang",
    "na",
    "min",
    "jing",
    "lei",
    "qiang",
    "yan",
    "jun",
    "ping",
    "yu",
    "xin",
    "hao",
    "mei",
)
WORDS = ("sky", "cat", "happy", "star", "ocean", "tea", "design", "studio", "photo", "moon", "rain", "shop")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CHEAP_ENDINGS = ("top", "xyz", "icu", "site", "online")


@dataclass(frozen=True, slots=True)
class Form:
    """A registration form as it is sent in."""

    email_domain: str
    phone_prefix: str
    username: str
    invite_code: str | None = None

    def answered(self, outcome: str) -> dict[str, str]:
        """Return the form as an event has it, with the platform's answer."""
        fields = {
            "email_domain": self.email_domain,
            "phone_prefix": self.phone_prefix,
            "username": self.username,
            "outcome": outcome,
        }
        return fields if self.invite_code is None else {**fields, "invite_code": self.invite_code}


def personal(rng: Random, domain: str | None = None, invite_code: str | None = None) -> Form:
    """Draw what a person writes: a name made of names, words, years, lucky numbers."""
    common = MAIL + MAIL_REST
    return Form(
        email_domain=domain or rng.choices([name for name, _ in common], [often for _, often in common])[0],
        phone_prefix=rng.choice(VIRTUAL_PHONES if rng.random() < 0.04 else PHONES),  # noqa: PLR2004 - share of subscribers with virtual operators
        username=_personal_name(rng),
        invite_code=invite_code,
    )


def cheap_domain(rng: Random) -> str:
    """Draw a domain that somebody bought to receive mail for any name under it."""
    return f"{''.join(rng.choices(LETTERS, k=rng.randrange(5, 10)))}.{rng.choice(CHEAP_ENDINGS)}"


def free_mail(rng: Random) -> str:
    """Draw a mail provider where accounts can be bought by the hundred."""
    return rng.choice(("outlook.com", "163.com", "126.com", "sina.com"))


def _personal_name(rng: Random) -> str:
    family, given = rng.choice(SURNAMES), "".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2))))
    digits = rng.choice(
        ("", f"{rng.randrange(1970, 2008)}", f"{rng.randrange(100)}", f"{rng.randrange(10**6)}")
    )
    return rng.choice(
        (
            f"{family}{given}{digits}",
            f"{given}{family}{digits}",
            f"{given}_{rng.choice(WORDS)}{digits}",
            f"{rng.choice(WORDS)}{given}{digits}",
            f"{family[0]}{given}{digits}",
        )
    )
