from detector.simulate import Pools
from detector.simulate.people import organisations
from tests.simulate.lives import accounts, born, some, visits


def test_an_office_has_a_person_a_seat_behind_one_address(pools: Pools) -> None:
    for who in some(organisations.office, pools, count=4):
        planned = visits(who, 5)
        address = who.quiet[-1].id
        at_work = [v for v in planned if v.ip == address]
        assert 6 <= len(who.accounts) <= 30
        assert 0.6 * len(who.accounts) <= len(accounts(at_work))
        assert {("youcloud365", who.accounts[0].org_id, "seat")} == {
            (account.product, account.org_id, account.role) for account in who.accounts
        }
        (seats,) = (grant.value["seats"] for grant in who.grants if grant.key.startswith("org:"))
        assert isinstance(seats, int)
        assert seats >= len(who.accounts)


def test_an_administrator_has_several_sessions_at_once(pools: Pools) -> None:
    at_once = 0
    for who in some(organisations.organisation_admin, pools):
        planned = [v for v in visits(who, 28) if v.account == who.accounts[0]]
        assert "admin" == who.accounts[0].role
        at_once += any(
            a.start_ms < b.end_ms and b.start_ms < a.end_ms and a.session_id != b.session_id
            for n, a in enumerate(planned)
            for b in planned[n + 1 : n + 6]
        )
    assert at_once >= 6


def test_a_seat_gets_new_devices_once_and_mostly_a_new_holder(pools: Pools) -> None:
    told = []
    for who in some(organisations.seat_handed_over, pools, count=12):
        own = [v for v in visits(who, 60) if v.account == who.accounts[0]]
        before = {v.device.device_id for v in own[:5]}
        after = {v.device.device_id for v in own[-5:]}
        assert not before & after
        told.append(sum("holder" in grant.value for grant in who.grants))
    assert {1, 2} == set(told)


def test_ids_say_nothing_of_who_belongs_together(pools: Pools) -> None:
    who = born(organisations.office, pools)
    ids = [account.account_id for account in who.accounts]
    assert len(set(ids)) == len(ids)
    assert {13} == {len(name) for name in ids}
