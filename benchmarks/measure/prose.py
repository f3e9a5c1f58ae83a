"""The words of docs/accuracy.md between its tables."""

from typing import Final

HEAD: Final = """# Accuracy

Made by `make accuracy`; nothing here is written by hand. This page comes from

    {command}

which simulated {histories} of the population `{population}` (`detector simulate`, seeds {first}
to {last}), {size}, replayed them with their entitlements (`detector replay`) and
scored the alerts as one (`detector score`): {events:,} events of {accounts:,} accounts, of which
{innocents:,} are innocent all the time and were watched for {weeks:,.0f} account-weeks, and {affairs:,}
affairs of abuse. The other accounts abuse, belong to a farm or an organisation that does, or are attacked.
A deck holds every profile; of rare ones, one deck of a few does. {seeds}

What the figures mean:

- A **case** (one subject, one category) is right if all its alerts are: about a labelled abuser, in one
  of the label's categories, at a time of abuse or within a day after. **Precision** is the share of right
  cases. By **affair**, all that one undertaking does counts once (a farm of a hundred accounts), and each
  wrong case once.
- **Recall** is the share of affairs with a right alert. **Delay** runs from an affair's first abusive
  event to its first right alert; p90 is the delay that nine of ten caught affairs stay within.
- A **false alarm** is an innocent account named by an alert, as its subject or among others, each time.
  Its rate is per 1,000 innocent accounts and week.
- **Bounds** are two-sided 95 %: Wilson's for shares, Garwood's exact ones for rates. Alerts repeated
  about one account are not independent, so that bounds of rates are a little too narrow where accounts
  are hit twice.

What they cannot say: people were simulated by what is known of people and of networks' databases. Who
wrote the rules knew what abusers are simulated, though not these histories. On a platform's own traffic
the figures will be others; `detector score` gives them where labels exist."""

HELD_OUT: Final = """Rules are tuned on other seeds;
`benchmarks/measure/seeds.py` keeps them apart."""

TUNED_ON: Final = """Rules may be
tuned on these seeds: the figures are flattering, and not for docs/accuracy.md."""

SHORT: Final = """## Where bars are not met

"""

WHY: Final = """## Why

Affairs that were missed by profile, and cases that were wrong by category, at `warn` or above. What was seen
was seen on histories that rules may be tuned on, where affairs of the same profile were looked at one by one
(`benchmarks/measure/reasons.toml`). What other thresholds would do is under Trade-off.

"""

RARE: Final = """## Where abuse is rare

The histories hold more abuse than a platform does. Where {share:.1%} of the accounts abuse, with the
measured recall and false alarms, precision would be **{precision}**:

    precision = p * recall / (p * recall + (1 - p) * alarms)

`p` is the share of abusive accounts, `alarms` the false alarms per innocent account over as long as the
histories last (the rate per account and week times their weeks). The bounds put the worst bound of both
together, and the best."""

TRADE_OFF: Final = """## Trade-off

What other thresholds of `warn` would have made of the same alerts, from `observe` up. A score is known
where it made an alert; between two steps of the ladder it is not, so that recall there is a little less
than a policy with that step would reach.

"""

RIVALS: Final = """## Thresholds of other systems

The same histories seen by thresholds that other systems publish (`benchmarks/baselines`), scored alike,
each in the category it speaks of; beside it the detector in that category. An address that is accused
stands for the account that came from it at that moment, which a block of the address would hit. They know
no entitlements.

"""
