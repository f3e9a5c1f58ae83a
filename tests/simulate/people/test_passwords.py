from detector.simulate import Pools
from detector.simulate.people import passwords
from detector.simulate.world.visits import Visit
from tests.simulate.lives import day_of, days, events, some, visits


def kinds_of(visit: Visit) -> set[object]:
    return {event["type"] for _, _, event in visit.events()}


def test_a_reset_follows_absence_and_failures_at_home(pools: Pools) -> None:
    for who in some(passwords.password_reset, pools):
        used = {day_of(visit) for visit in visits(who, 21)}
        (back,) = (day_of(visit) for visit in visits(who, 21) if "password_change" in kinds_of(visit))
        assert not used & {back - 1, back - 2}
        happened = events(who, 21)
        kinds = [event["type"] for event in happened]
        assert 1 == kinds.count("password_change")
        changed = kinds.index("password_change")
        assert ["login_failure"] * 3 == kinds[changed - 3 : changed]
        assert "login_success" == kinds[changed + 1]
        before = [
            event
            for event in happened
            if event["type"] == "login_success" and happened.index(event) < changed
        ]
        own = {event["device_id"] for event in before}
        assert not own or happened[changed]["device_id"] in own


def test_a_change_comes_in_the_midst_of_use_by_a_known_device(pools: Pools) -> None:
    for who in some(passwords.password_change, pools):
        happened = events(who, 30)
        changes = [event for event in happened if event["type"] == "password_change"]
        devices = {visit.device.device_id for visit in visits(who, 30)}
        assert len(devices) <= 3
        assert {event["device_id"] for event in changes} <= devices
        assert len(changes) <= len(list(days(30)))


def test_a_new_laptop_sets_a_password_on_a_journey_after_a_login_at_once(pools: Pools) -> None:
    told = 0
    for who in some(passwords.new_laptop_away, pools):
        happened = events(who, 21)
        for changed in (event for event in happened if event["type"] == "password_change"):
            laptop = [event for event in happened if event.get("device_id") == changed["device_id"]]
            kinds = [event["type"] for event in laptop]
            assert kinds.index("login_success") <= 1  # a slip of the finger at most
            before = {event.get("device_id") for event in happened[: happened.index(laptop[0])]}
            assert before
            assert changed["device_id"] not in before
            told += 1
    assert told > 0
