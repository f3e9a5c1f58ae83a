from collections.abc import Callable
from random import Random

import pytest

from detector.events import SessionEvent
from detector.simulate.programs import programs
from detector.simulate.world import devices
from detector.simulate.world.devices import Device
from detector.stages.regroup.base import client_id

SEEDS = [Random(n) for n in range(40)]


def test_a_library_is_told_by_its_tls_even_under_a_browsers_agent() -> None:
    masked = [programs.masked(rng) for rng in SEEDS]
    assert all(programs.contradicts(one) for one in masked)
    assert all(one.user_agent.startswith("Mozilla/5.0") and one.client == "web" for one in masked)


@pytest.mark.parametrize("make", [devices.desktop, devices.phone, programs.impersonator])
def test_what_greets_as_a_browser_or_an_app_contradicts_nothing(make: Callable[[Random], Device]) -> None:
    assert not any(programs.contradicts(make(rng)) for rng in SEEDS)


def test_programs_without_a_browser_have_no_device_id() -> None:
    assert all(
        make(rng).device_id is None for rng in SEEDS for make in (programs.library, programs.impersonator)
    )
    assert all(programs.driven_browser(rng, hidden=True).device_id for rng in SEEDS)


def test_only_a_driven_browser_that_does_not_hide_says_so() -> None:
    assert all("Headless" in programs.driven_browser(rng, hidden=False).user_agent for rng in SEEDS)
    assert not any("Headless" in programs.driven_browser(rng, hidden=True).user_agent for rng in SEEDS)


@pytest.mark.parametrize("client", [None, "api"])
def test_a_client_is_named_as_alerts_name_it(client: str | None) -> None:
    device = Device("d1", client, "curl/8.5.0", programs.greeting("curl"))
    event = SessionEvent(
        event_id="1",
        type="request",
        time=1,
        ip="192.0.2.1",
        client=client,
        user_agent=device.user_agent,
        tls_fingerprint=device.tls_fingerprint,
    )
    own, group = programs.of_device(device)
    assert ("device", "d1") == (own.type, own.id)
    assert ("group", f"client:{client_id(event)}") == (group.type, group.id)


def test_what_looks_like_any_browser_is_no_group() -> None:
    assert () == programs.of_device(programs.impersonator(Random(1)))
    assert ["device"] == [one.type for one in programs.of_device(devices.phone(Random(1)))]
