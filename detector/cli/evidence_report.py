"""What `detector evidence verify` concludes, in one line."""

from detector.cli.words import counted
from detector.evidence import Tally


def conclusion(tally: Tally, *, heads: bool) -> str:
    """Say how many alerts and cases hold, or how much was found, and what could not be checked."""
    alerts, cases = counted(tally.alerts, "alert"), counted(tally.cases, "case")
    if tally.faults:
        result = f"{counted(tally.faults, 'finding')} in {alerts} of {cases}"
    else:
        result = f"{alerts} of {cases}: every chain holds"
    return "; ".join([result, *_limits(tally, heads=heads)])


def _limits(tally: Tally, *, heads: bool) -> list[str]:
    """Say what of the chains was not there to be checked."""
    limits = [
        "heads checked"
        if heads
        else "heads not checked: alerts that are gone from the end would not show (--heads)"
    ]
    if tally.begun_late:
        limits.append(f"{counted(tally.begun_late, 'case')} without the first alerts")
    if tally.gone:
        limits.append(f"{counted(tally.gone, 'head')} of cases from before the first alert here")
    if tally.headless:
        cases = counted(tally.headless, "case")
        limits.append(f"{cases} whose head is no longer kept (closed since), or newer than the heads")
    if tally.newer:
        limits.append(f"{counted(tally.newer, 'alert')} newer than the heads")
    return limits
