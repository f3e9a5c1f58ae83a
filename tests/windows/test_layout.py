"""What must stay as it is for rows that are stored, and what other modules repeat."""

import numpy as np

from detector import categories
from detector.windows import EVENT, FEATURES, ROW
from detector.windows.fold import FAILURE, HEARTBEAT, LOGOUT, PASSWORD, REGISTRATION, REQUEST, SUCCESS
from detector.windows.layout import EVENT_TYPES, HEAD, LAST, REPORT, SIGHTING, SIGHTINGS, VERSION


def test_version_15_has_these_sizes() -> None:
    # A change here is a new version: rows of another layout lie in Redis.
    assert (15, 8208) == (VERSION, ROW.itemsize)
    assert (608, 24, 120) == (HEAD.itemsize, LAST.itemsize, SIGHTING.itemsize)


def test_a_row_begins_with_its_version() -> None:
    row = np.zeros(1, ROW)
    row["head"]["version"] = 0x0201
    assert b"\x01\x02" == row.tobytes()[:2]


def test_the_kernels_numbers_of_types_are_places_in_their_tuple() -> None:
    named = {
        SUCCESS: "login_success",
        FAILURE: "login_failure",
        LOGOUT: "logout",
        HEARTBEAT: "heartbeat",
        REQUEST: "request",
        REGISTRATION: "registration",
        PASSWORD: "password_change",
        REPORT: "compromise_report",
    }
    assert named == dict(enumerate(EVENT_TYPES))


def test_the_kernels_bits_of_categories_are_the_catalogues() -> None:
    bits = categories.BITS
    assert bits["account_sharing"] == categories.ACCOUNT_SHARING_BIT
    assert bits["unauthorized_client"] == categories.UNAUTHORIZED_CLIENT_BIT
    assert bits["datacenter_access"] == categories.DATACENTER_ACCESS_BIT
    assert bits["city_switching"] == categories.CITY_SWITCHING_BIT
    assert bits["crawler"] == categories.CRAWLER_BIT
    suffered = [bits[name] for name in ("credential_attack", "account_takeover", "compromise_report")]
    assert sum(suffered) == categories.SUFFERED_BITS
    assert sum(bits.values()) - sum(suffered) == categories.DONE_BITS


def test_masks_hold_every_category_and_every_sighting() -> None:
    assert max(categories.BITS.values()) < 1 << 8 * EVENT["excused"].itemsize
    assert max(categories.BITS.values()) < 1 << 8 * SIGHTING["excused"].itemsize
    for name in ("overlap_slots", "near_slots", "jump_slots"):
        assert 1 << SIGHTINGS <= 1 << 8 * HEAD[name].itemsize
        assert 1 << SIGHTINGS <= 1 << 8 * FEATURES[name].itemsize
