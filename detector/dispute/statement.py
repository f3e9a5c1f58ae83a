"""The statement: what an alert says, in plain words, for the holder. It names no threshold and no rule."""

from xml.etree.ElementTree import Element

from detector.dispute.dossier import Dossier
from detector.dispute.markup import node, page
from detector.dispute.told import databases, head, in_time, left, seen
from detector.dispute.words import Words


def statement(words: Words, dossier: Dossier) -> bytes:
    """Return the page in one language."""
    alert = dossier.alert
    return page(
        words.say("language"),
        words.say("statement", alert=alert.alert_id),
        head(words, alert),
        node("h2", words.say("notice")),
        node("p", alert.notice.get(words.language, words.say("none"))),
        *_seen(words, dossier),
        *in_time(words, dossier),
        node("h2", words.say("recommendation")),
        node("p", words.say("recommendation_text")),
        *left(words, dossier.left_by_holder),
        *databases(words, dossier),
        node("h2", words.say("check")),
        node("p", words.say("check_holder")),
    )


def _seen(words: Words, dossier: Dossier) -> list[Element]:
    parts = [node("h2", words.say("seen"))]
    if not dossier.exhibits:
        return [*parts, node("p", words.say("no_events"))]
    parts.append(node("p", words.say("seen_intro")))
    if dossier.shown:
        parts.append(seen(words, dossier.shown))
    for key, whose in (("withheld", "others"), ("unsure", "unknown")):
        count = sum(each.whose == whose for each in dossier.exhibits)
        if count:
            parts.append(node("p", words.say(key, count=count)))
    return parts
