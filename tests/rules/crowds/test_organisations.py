"""What findings about organisations and their seats say beside what every rule keeps to."""

from collections.abc import Iterator

from detector.alerts import Subject
from detector.findings import Finding
from detector.stages.raised import SURE
from tests.rules.crowds.organisations import days, far_more_than_seats, one_more_than_seats, own, rounds, seat
from tests.rules.events import MINUTE_MS, Event
from tests.rules.judging import SEATS, alerts, crowd_findings


def found(rule: str, events: Iterator[Event]) -> list[Finding]:
    return [finding for finding in crowd_findings(events) if finding.rule == rule]


def test_more_people_than_seats_are_the_organisations_matter_and_name_its_seats() -> None:
    (finding,) = found("over_seats", far_more_than_seats(0))
    assert (Subject("org", "firm"), "firm", None) == (finding.subject, finding.org_id, finding.account_id)
    assert (9.0, float(SEATS)) == (finding.value, finding.threshold)
    assert [f"seat-{number}" for number in range(9)] == [subject.id for subject in finding.related]
    assert 9 == finding.related_total == len(finding.evidence)


def test_its_administrator_is_told() -> None:
    (alert,) = alerts(far_more_than_seats(0))
    assert ("org", "seat_sharing", "warn") == (alert.subject.type, alert.category, alert.action)
    assert "org_admin" == alert.notify


def test_one_more_than_seats_is_never_sure_however_many_days() -> None:
    strengths = [finding.strength for finding in found("over_seats", one_more_than_seats(4))]
    assert 0.5 == min(strengths) < max(strengths) < SURE


def test_seats_that_go_round_are_accused_one_by_one_and_again_when_that_is_sure() -> None:
    told = found("seats_passed_around", rounds(10, 2, 40))
    assert {"seat-0", "seat-1"} == {finding.account_id for finding in told}
    assert {"firm"} == {finding.org_id for finding in told}
    assert max(finding.strength for finding in told) >= SURE
    assert len(told) <= 4


def test_computers_that_are_no_more_than_thrice_the_seats_are_never_sure() -> None:
    assert max(finding.strength for finding in found("seats_passed_around", rounds(5, 2, 60))) < SURE


def test_an_account_without_an_organisation_belongs_to_none() -> None:
    events = [
        {
            name: value
            for name, value in own(number).login(noon_ms + number * MINUTE_MS).items()
            if name != "org_id"
        }
        for noon_ms in days(4)
        for number in range(3 * SEATS)
    ]
    assert [] == crowd_findings(events)


def test_a_member_of_an_organisation_is_on_a_seat() -> None:
    events = [
        seat(number, f"pc-{number}", role="member").login(noon_ms + number * MINUTE_MS)
        for noon_ms in days(1)
        for number in range(2 * SEATS)
    ]
    assert {"over_seats"} == {finding.rule for finding in crowd_findings(events)}
