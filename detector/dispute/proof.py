"""The proof: why an alert was decided, what of it was checked, and how to check the rest. Not for the holder.

It names values and thresholds, by which an evader would learn how far to go.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from detector.dispute.dossier import Dossier
from detector.dispute.markup import bullets, facts, node, page, table
from detector.dispute.told import databases, head, in_time, left, named, not_evaluated, seen
from detector.dispute.words import Words


def proof(words: Words, dossier: Dossier) -> bytes:
    """Return the page in one language."""
    alert = dossier.alert
    return page(
        words.say("language"),
        words.say("proof", alert=alert.alert_id),
        node("h2", words.say("results")),
        bullets(results(words, dossier)),
        head(words, alert),
        node("h2", words.say("reasons")),
        _decided_by(words, dossier),
        _reasons(words, dossier),
        *_related(words, dossier),
        *_seen(words, dossier),
        *in_time(words, dossier),
        *not_evaluated(words, alert),
        *databases(words, dossier),
        node("h2", words.say("hashes")),
        node("p", words.say("hashes_text")),
        *_hashes(words, dossier),
        node("h2", words.say("limits")),
        bullets(words.sentences("limits_list")),
    )


def results(words: Words, dossier: Dossier) -> list[str]:
    """Return what was found of the chain, the events, the policy and the re-computation, in sentences."""
    return [
        *_chain(words, dossier),
        *_events(words, dossier),
        _policy(words, dossier),
        _again(words, dossier),
    ]


def _chain(words: Words, dossier: Dossier) -> Iterator[str]:
    if dossier.faults:
        yield " ".join([words.say("chain_broken"), *dossier.faults])
    elif dossier.begun_late:
        yield words.say("chain_late")
    else:
        yield words.say("chain_holds", count=len(dossier.case))


def _events(words: Words, dossier: Dossier) -> Iterator[str]:
    if not dossier.exhibits:
        yield words.say("events_none")
        return
    differ, missing = dossier.in_state("differs"), dossier.in_state("missing")
    if differ:
        yield words.say("events_differ", count=len(differ))
    if missing:
        yield words.say("events_missing", count=len(missing))
    if not differ and not missing:
        yield words.say("events_hold", count=len(dossier.exhibits))
    if dossier.enclosed:
        yield words.say("truncated_events" if dossier.cut else "full_events")


def _policy(words: Words, dossier: Dossier) -> str:
    found = dossier.policy
    if found is None:
        return words.say("policy_missing", hash=dossier.alert.policy_hash)
    product, plan = (each or words.say("any") for each in found.party)
    return words.say("policy_holds", version=found.policy.version, product=product, plan=plan)


def _again(words: Words, dossier: Dossier) -> str:
    again = dossier.again
    scope = words.say(f"scope_{again.scope}")
    return words.say(f"again_{again.outcome}", scope=scope, fields=", ".join(again.fields), why=again.why)


def _decided_by(words: Words, dossier: Dossier) -> Element:
    alert = dossier.alert
    policy = words.say("policy_version", version=alert.policy_version, hash=alert.policy_hash)
    rule = words.say("rule_version", rule=alert.rule, version=alert.rule_version)
    return facts([(words.say("rule"), rule), (words.say("policy"), policy)])


def _reasons(words: Words, dossier: Dossier) -> Element:
    heads = [words.say(key) for key in ("signal", "value", "threshold", "weight")]
    return table(
        heads,
        [
            [each.signal, *(f"{number:.12g}" for number in (each.value, each.threshold, each.weight))]
            for each in dossier.alert.reasons
        ],
    )


def _related(words: Words, dossier: Dossier) -> list[Element]:
    alert = dossier.alert
    if not alert.related:
        return []
    return [
        node("h2", words.say("related")),
        node("p", words.say("related_more", total=alert.related_total, shown=len(alert.related))),
        bullets([named(words, each) for each in alert.related]),
        *left(words, dossier.left),
    ]


def _seen(words: Words, dossier: Dossier) -> list[Element]:
    if not dossier.exhibits:
        return []
    return [
        node("h2", words.say("seen")),
        node("p", words.say("seen_intro")),
        seen(words, list(dossier.exhibits)),
    ]


def _hashes(words: Words, dossier: Dossier) -> Iterator[Element]:
    alert = dossier.alert
    yield _command("sha256sum -c manifest.sha256", words.say("hash_files"))
    yield _command("sha256sum record/alert.hashed.txt", words.say("hash_chain", hash=alert.chain.hash))
    if dossier.policy is not None:
        said = words.say("hash_policy", hash=alert.policy_hash)
        yield _command("sha256sum record/policy.canonical.json", said)
    if dossier.exhibits:
        yield node("p", words.say("hash_event"))


def _command(command: str, meaning: str) -> Element:
    return node("p", node("code", command), node("br"), meaning)
