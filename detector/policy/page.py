"""The page about policies, made of the shipped one: `python -m detector.policy.page > docs/policy.md`."""

import sys
from collections.abc import Iterable, Iterator

from detector.policy.document import LADDERS, Step, general
from detector.policy.files import default_sheet
from detector.policy.model import ACTIONS
from detector.policy.names import CATALOGUE, parameters_of, written
from detector.values import duration_text

_HEAD = """# Policy

Made by `python -m detector.policy.page > docs/policy.md`; its tables come from
[detector/policy/default.toml](../detector/policy/default.toml), which is in force where no other policy
is given, and from the rules. That file explains itself, and says what happens to an account that several
people share.

## Changing something

    detector policy default > policy.toml       # begin from the shipped one
    $EDITOR policy.toml                         # and give it another `version`
    detector policy check policy.toml           # mistakes and doubts, each with its line
    detector replay events.jsonl --alerts a.jsonl --policy policy.toml
    detector worker --policy policy.toml        # or DETECTOR_POLICY=policy.toml
    detector policy apply policy.toml           # or, while workers run: see below

A file is complete: what it does not say is a mistake, not a default, so that one text decides what
becomes of an account; only `[privacy]` and `[retention]` may be left out, and are as shipped then.
`policy_version`, `policy_hash` and `agreement` in an alert say by which text that was. The hash is the
SHA-256 of the canonical JSON (RFC 8785) of what is in force for the finding's product and plan. A rule's
parameters that are not written are the rule's own, whose version an alert names as `rule_version`.

A policy that has mistakes keeps the worker and a replay from starting; each is told in a line. Doubts
never do: `detector policy check` warns of steps and rules that never count, steps that are always taken,
weak evidence that nothing caps, parameters that are far from the rule's own, notices that name a number,
and of what contradicts itself. An editor that knows JSON Schema (Taplo, Even Better TOML) checks and
completes while one writes, with `detector/schemas/policy-1.json`.

## Steps

| ladder | from score | after | action | severity | lasts | approval |
| --- | --- | --- | --- | --- | --- | --- |
"""

_MIDDLE = """
Actions, mildest first, as the agreement has them (9.3): {actions}.
`approval = "required"` asks for a person's word before a step is carried out; `lock` and `remove_content`
must have it. What a subject did climbs `enforce`, what it suffered `protect`; a ladder of a category under
`ladders.own` takes the place of both. What an organisation did as a whole climbs `organisation` before any
other; a policy without that table has the others for it. How a case goes from step to step, and when one is
released: [cases.md](cases.md).

What a finding adds to its case's score halves every {half_life}. On a step that was taken already there
is one alert in {cooldown}. A case without findings for {quiet} is closed.

A rule that goes on firing is heard again after an hour, when it is a quarter louder, or when it is sure
(0.9, `detector/stages/raised.py`): between other scores than the shipped ones a step may come so much later.

## Addresses

`[privacy] addresses` says how alerts show the addresses of the events they rest on: `clear`, `truncated` (the
/24, or the /48 of IPv6), or `hashed`, under DETECTOR_ALERT_KEY. See [privacy.md](privacy.md).

## Retention

`[retention]` says for how long what is kept of people is kept: `windows` in Redis for {windows} after the
last that came to them, uses of allow entries (`uses`) for {uses}, and a case with a step that has no end
(`steps`) for {steps}; every other case ends by `quiet` and by what its steps last. It is said once, for all
products and plans. A change counts for what is written from then on. See
[privacy.md](privacy.md#for-how-long).

## Modes of a rule

| mode | what the rule does |
| --- | --- |
| `live` | counts |
| `shadow` | is tried out: what it would add comes to `enforcement.shadow`, and touches no live case |
| `off` | does not judge |

A rule that is taken out of live counts no more in cases that are open, from the moment on at which the
policy changes. A whole policy is tried out as well, beside the one in force, by its file or with
`detector policy apply --shadow`: [shadow.md](shadow.md).

## Layers

`[products.NAME]` overrides the general part, `[plans.NAME]` both; key by key, and a ladder as a whole.
They may say `half_life`, `cooldown`, `quiet`, `grace`, `caps`, `privacy`, `ladders`, `rules`,
`notices` and `consequences` otherwise. A product is an
event's `product`; a plan is the `plan` of the account's entitlement at the event's time, or else of its
organisation's. Who has a product or a plan that no table names has the layer below.

What many accounts share, an address or a group, has no product and no plan: findings about it are decided
by the general part, and the rules of crowds have no parameters of their own in a layer. An account that
such a rule accuses has its own.

`detector policy check policy.toml --product NAME --plan NAME --at TIME` shows what is in force.

## Versions

A policy with an `effective` counts for what happens from then on, in event time; so a replay judges each
event by the policy of its time. Name all files, separated by commas: `--policy 2025.toml,2026.toml`. The
earliest needs no date, and counts before its own. `[[agreements]]` lists the versions of the user
agreement in the same way, within one file.

## Changing it while workers run

    detector policy apply policy.toml --author ann --note "clouds: milder"
    detector policy applied                     # what was applied, from when on, by whom
    detector policy applied --text 2            # the file of version 2, as it was written
    detector policy apply --shadow trial.toml   # tried out in shadow, until
    detector policy end trial                   # the version `trial` is taken out

`apply` checks the file as `check` does; where it has mistakes nothing is written. Otherwise it goes, with its
comments, as one record to the control topic, and every worker of the group reads it there. No window is
lost, nobody restarts. It says from when on the policy counts and what it changes; `--dry-run` says so and
writes nothing. `--policy` or `DETECTOR_POLICY` tells it with which files the workers were started.

- **One moment for all.** A policy counts for what happens from one moment of event time on: that of `--from`,
  or else the file's `effective`; but at the earliest from a minute past the highest moment that the group has
  judged, because what lies before it may be judged already. A partition that catches up by more than that
  minute before it has read the record judges some events by the policy before: that is counted in
  `detector_controls_late_total` and told in the log.
- **Beside files.** Versions of the files and those that were applied count in the order of their moments. At
  one moment the applied one counts; of two, the one that was applied later. So after a restart the same
  policy is in force as before it: a file without a later date does not take the place of what was applied,
  apply it. The log says at the start, and whenever it changes, which version is in force (`policy in force`);
  so do `detector_policy_info` and `detector_policy_since_timestamp_seconds`.
- **Names.** Another policy needs another `version`. The same once more is no change; what was in force before
  can be applied again.
- **Open cases** go on. What a finding adds, the steps and the cooldown are those of the policy at its time; a
  step that was taken keeps its end. A case that was quiet for longer than the policy of its last finding
  says is closed, whatever a later one says.
- **What a worker cannot use**, because another release wrote it or somebody's hand, is told as an error in
  its log and counted in `detector_controls_rejected_total`, and what was in force stays. After a restart it
  is the same. So before workers get a new release, ask that release about the policy in force
  (`detector policy applied` shows what it cannot use); where it says no, start the new workers with a file
  that they can use (`DETECTOR_POLICY`), and apply that file once they run.
- **In a replay.** `detector replay ... --applied kafka://HOST:PORT/detector-control` judges by what was
  applied, from the same moments on. Without Kafka at hand, take along what
  `detector policy applied --to applied.jsonl` wrote: `--applied applied.jsonl`. `--policy` names the files
  with which the workers were started. A policy that was not applied can be tried in the same way: a file with
  a later `effective`.
- **In shadow** the same rules hold: one moment for all, at which a trial begins and at which it ends
  ([shadow.md](shadow.md)).

## Rules

Parameters are shown as a rule comes; `parameters = {{ name = value }}` changes them. What they mean:
[rules.md](rules.md). Rules of one fact are several ways to see one thing, of which the weightiest counts.

`evidence` names the kind of a rule's evidence where that is weak, and leads no further than its cap.

| rule | category | weight | fact | evidence | parameters |
| --- | --- | --- | --- | --- | --- |
"""


def to_markdown() -> str:
    """Write the page."""
    said = general(default_sheet().tables)
    ladders = {name: getattr(said.ladders, name) or () for name in LADDERS}
    ladders |= {f"own.{category}": steps for category, steps in said.ladders.own.items()}
    rows = (row for name, steps in ladders.items() for row in _steps(name, steps))
    middle = _MIDDLE.format(
        actions=", ".join(f"`{action}`" for action in ACTIONS),
        half_life=said.half_life,
        cooldown=said.cooldown,
        quiet=said.quiet,
        windows=said.retention.windows,
        uses=said.retention.uses,
        steps=said.retention.steps,
    )
    rules = (
        f"| [`{name}`](rules.md#{name}) | `{CATALOGUE[name].category}` | {rule.weight} "
        f"| {rule.fact if isinstance(rule.fact, str) else ''} "
        f"| {rule.evidence if isinstance(rule.evidence, str) else ''} | {_parameters(name)} |"
        for name, rule in said.rules.items()
    )
    return f"{_HEAD}{_lines(rows)}{middle}{_lines(rules)}"


def _lines(rows: Iterable[str]) -> str:
    return "".join(f"{row}\n" for row in rows)


def _steps(ladder: str, steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        after = f"`{step.after}`" if isinstance(step.after, str) else ""
        yield (
            f"| `{ladder}` | {step.score} | {after} | `{step.action}` | {step.severity} | {_end(step)} "
            f"| {step.approval} |"
        )


def _end(step: Step) -> str:
    if isinstance(step.until_quiet, str):
        return f"until quiet for {step.until_quiet}"
    return step.lasts if isinstance(step.lasts, str) else "without end"


def _parameters(name: str) -> str:
    return ", ".join(
        f"`{written(field)}` {value if written(field) == field else duration_text(int(value))}"
        for field, value in parameters_of(CATALOGUE[name]).items()
    )


if __name__ == "__main__":
    sys.stdout.write(to_markdown())
