"""The layout of an account's row, of the events folded into it, and of what is read off it.

A row is one record of `ROW`; its bytes are what Redis stores. Hashes are 64 bits; 0 is "unknown" in every
field that holds one. All times are event time, Unix ms. A row begins with `VERSION`; bytes of another
version are never guessed at.

An anonymous visitor (`anon:<ip>`) has a row of the same layout.
"""

from typing import Final

import numpy as np

from detector.windows.habits.layout import (
    DEVICE,
    DEVICES,
    HABITS,
    HAND,
    HANDS,
    LINE,
    LINES,
    STINT,
    STINTS,
)
from detector.windows.itinerary.layout import MOVE, MOVES, PLACE, PLACES, TRIP

VERSION: Final = 15
SIGHTINGS: Final = 16
"""Runs of activity that a row remembers; the one with the oldest last moment makes room."""
HOURS: Final = 24
"""Buckets of an hour ring: the current hour and the 23 before it."""
PATH_WORDS: Final = 16
"""64-bit words of a path bitmap: 1,024 bits count up to about 2,000 distinct paths within 5 % (linear
counting, Whang et al. 1990)."""
BULK_KEPT: Final = 14
"""Days after which the most that a holder took away on a day counts half."""
RULE_SLOTS: Final = 48
"""Rules whose last finding a row remembers; the catalogue may not grow beyond."""
POLLS: Final = 16
"""Pages that a row remembers to know a timer's by: two open dashboards of eight parts."""
HOSTING_USED: Final = 2
FAILURES: Final = 4
"""Networks of failed logins that a row remembers, the newest ones."""
WITNESSES: Final = 8
"""Failed logins whose identifiers the ledger keeps, the newest ones."""

REQUESTS, ASSETS, HOSTING, HOPS, RETURNS, JUMPS, FAR_OVERLAPS, NEAR_OVERLAPS, FAILED, STRANGE, MOVED = range(
    11
)
FORGED, CHANGED_CLAIMS, CLAIM_NETWORKS, CLAIM_AGENTS = range(11, 15)
CHOSEN, FRESH, STEPS, REFUSED = range(15, 19)
FOREIGN, CONTRARY = range(19, 21)
"""What the hour rings count, in the order of `hours` and `totals`."""
RINGS: Final = 21

CLAIMS: Final = 8
"""Claimed addresses, and networks of them, that a row remembers, the newest ones."""
WALKS: Final = 2
"""Catalogues that a row follows at once: a page and the call by which it gets its data."""
MISS_WORDS: Final = 2
"""64-bit words of the bitmap of what was asked for in vain."""

MOVED_HERE, UNMASKED = 1, 2
"""Why a sighting is a thief's: its session had moved to it, or a stranger set a new password there."""

SIGHTING: Final = np.dtype(
    [
        ("device", "u8"),  # the device's hash; where there is none, the client fingerprint's
        ("session", "u8"),  # the session of its newest event that had one
        ("before", "u8"),  # the session before that one; 0 none
        ("prefix", "u8"),  # /24 or /64
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("present_ms", "i8"),  # last sign of a person; 0 while there was none
        ("asn", "u4"),
        ("region", "u4"),
        ("lat", "f4"),
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("count", "u4"),
        ("path", "u4"),  # last page the device asked for: the same again is a poll
        ("client", "u8"),  # fingerprint of the client that opened it
        ("family", "u4"),  # its browser, hashed; 0 unknown
        ("greeting", "u4"),  # its TLS fingerprint, hashed; 0 unknown
        ("major", "u2"),  # its browser's version; 0 unknown
        ("excused", "u2"),  # categories an allow entry explains, a bit each
        ("hosting", "u1"),  # 1: in a cloud provider's or hosting network; HOSTING_USED: used from there
        ("desktop", "u1"),  # 1: a computer, 0: a phone, a tablet or unknown
        ("metro", "u1"),  # local number of the metropolis among the row's sightings; 0 unknown
        ("anchored", "u1"),  # 1: the place can be held against another one
        ("version", "u1"),  # of the address: 4 or 6; 0 where an unknown proxy may have hidden it
        ("known", "u1"),  # 1: `device` is the platform's own fingerprint of it
        ("handheld", "u1"),  # 1: a phone, a tablet or an application
        ("strange", "u1"),  # 1: neither its device nor its network nor its line was known when it opened
        ("stolen", "u1"),  # MOVED_HERE or UNMASKED: by a thief; 0 not that anybody knows
    ],
    align=True,
)
"""A run of activity by one device from one place."""

LAST: Final = np.dtype(
    [
        ("ms", "i8"),
        ("lat", "f4"),
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("metro", "u1"),
        ("slot", "u1"),
    ],
    align=True,
)
"""Where the account was last seen from an anchored place, one for each IP version."""

HEAD: Final = np.dtype(
    [
        ("version", "u2"),
        ("sightings", "u2"),  # ever opened, saturating
        ("hour", "i4"),  # hours since 1970 of the newest bucket
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("minute", "i8"),  # minutes since 1970 of `minute_requests`
        ("minute_requests", "u4"),
        ("minute_before", "u4"),  # requests of the minute before
        ("password_ms", "i8"),  # last change of the password
        ("stolen_ms", "i8"),  # last event of a session that had moved to a stranger; 0 there was none
        ("overlap_ms", "i8"),  # last far overlap counted
        ("near_ms", "i8"),  # last near overlap counted
        ("load_ms", "i8"),  # when the last page was opened that somebody chose
        ("gap_count", "u4"),  # gaps between such pages since the last break
        ("gap_mean_s", "f4"),
        ("gap_var_s2", "f4"),
        ("failure_level", "f4"),  # leaky bucket of strange failed logins
        ("failure_slow", "f4"),  # another that leaks slowly, without those a timer made
        ("failure_ms", "i8"),  # last strange failed login
        ("failure_gap_ms", "u4"),  # between the last two of them
        ("failure_even", "u1"),  # gaps like the one before, less those unlike it
        ("failure_prefix", "u8", FAILURES),
        ("claim", "u8"),  # last claimed address, hashed; 0 there was none
        ("claim_agent", "u8"),  # fingerprint of the client that claimed it
        ("claims", "u8", CLAIMS),
        ("claim_networks", "u4", CLAIMS),
        ("poll_ms", "i8", POLLS),  # when each of the last pages was asked for
        ("poll_page", "u4", POLLS),  # the page and its device, hashed
        ("poll_gap_ms", "u4", POLLS),  # between the last two times; 0 where there was one
        ("poll_even", "u1", POLLS),  # gaps like the one before, less those unlike it
        ("failure_run", "u4"),  # failed logins since the last success
        ("overlap_slots", "u2"),  # sightings of the last far overlap
        ("near_slots", "u2"),
        ("jump_slots", "u2"),
        ("moved_slots", "u2"),  # sightings of the last session that moved
        ("failure_next", "u1"),  # place of the next witness of a failed login
        ("active", "u4"),  # hours of the last 24 with a request, newest at bit 0
        ("walked", "u4"),  # hours of the last 24 with several fresh pages
        ("hosting", "u4"),  # hours of the last 24 with use from a hosting network
        ("hosting_days", "u8"),  # days with more than stray use of one, the day of the newest use at bit 0
        ("used_days", "u8"),  # days with use of the account, from wherever, likewise
        ("used_day", "i4"),  # days since 1970, in China, of the newest use
        ("hosting_today", "u1"),  # uses of that day from a hosting network, as far as they matter
        ("jump_kmh", "f4"),  # of the last impossible journey
        ("jump_km", "f4"),
        ("overlap_km", "f4"),  # distance of the last far overlap
        ("role", "u1"),  # that was told last, SEAT or ADMIN; 0 where none was
    ],
    align=True,
)

ASKED: Final = np.dtype(
    [
        ("run_ms", "i8"),  # since when chosen pages follow each other without a break
        ("run_loads", "u4"),  # how many
        ("fresh_part", "f4"),  # of a fresh page, not yet counted
        ("burst_level", "f4"),  # leaky bucket of fresh pages
        ("flood_level", "f4"),  # leaky bucket of requests
        ("knock_level", "f4"),  # one that leaks more slowly, of what is asked for again
        ("flood_ms", "i8"),
        ("walk_shape", "u4", WALKS),  # a path without its digits, hashed
        ("walk_number", "u4", WALKS),  # the last number in it
        ("walk_stride", "i4", WALKS),  # how far it lay from the one before
        ("walk_next", "u1"),  # the place of the next catalogue
        ("untold", "u2"),  # fresh pages since the crowds were last told of them
        ("probe_kinds", "u4"),  # a bit for each kind of weakness looked for
        ("probe_paths", "u8"),  # a bit for each path that looks for one, by its hash
        ("probe_ms", "i8"),
        (
            "misses",
            "u8",
            MISS_WORDS,
        ),  # a bit for each path asked for in vain, without its digits, by its hash
        ("miss_ms", "i8"),
    ],
    align=True,
)
"""What its requests tell: pace, order, what they look for, how much they load."""

INTRUSION: Final = np.dtype(
    [
        ("ms", "i8"),  # the stranger's first login; 0 there was none
        ("device", "u8"),  # his device's hash, or his client's
        ("renewed_ms", "i8"),  # when he set a new password; 0 he did not
        ("restored_ms", "i8"),  # when the holder, shut out by it, set another
        ("own_day", "i4"),  # days since 1970 of the holder's newest file
        ("own_today", "u2"),  # files that the holder took away on it
        ("own_most", "u2"),  # the most on a day before
        ("files", "u2"),  # that the stranger took away on his first day
        ("shut_out", "u1"),  # logins that failed at home since his new password
        ("whole", "u1"),  # see detector/windows/intrusion.py
        ("hidden", "u1"),  # 1: he came through a VPN, an anonymiser or a cloud
        ("odd_hour", "u1"),  # 1: at night, when the account was never used
        ("far", "u1"),  # 1: while the holder was at work too far away
        ("last_ms", "i8"),  # his last event
    ],
    align=True,
)
"""The stranger who knew the password at once, the newest one or the one who set another."""

ROW: Final = np.dtype(
    [
        ("head", HEAD),
        ("asked", ASKED),
        ("intrusion", INTRUSION),
        ("last", LAST, 2),
        ("totals", "u4", RINGS),
        ("hours", "u2", (RINGS, HOURS)),
        ("paths", "u8", (2, PATH_WORDS)),  # this hour's and the hour's before
        ("raised_ms", "i8", RULE_SLOTS),
        ("raised", "f4", RULE_SLOTS),
        ("sightings", SIGHTING, SIGHTINGS),
        ("habits", HABITS),  # the long memory, with the four below
        ("devices", DEVICE, DEVICES),
        ("lines", LINE, LINES),
        ("hands", HAND, HANDS),
        ("stints", STINT, STINTS),
        ("trip", TRIP),  # the itinerary, with the two below
        ("places", PLACE, PLACES),
        ("moves", MOVE, MOVES),
    ],
    align=True,
)

EVENT: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("device", "u8"),
        ("session", "u8"),
        ("prefix", "u8"),
        ("fingerprint", "u8"),
        ("claim", "u8"),  # address that the peer says it forwards for, hashed; 0 none
        ("claim_network", "u4"),
        ("path", "u4"),
        ("family", "u4"),  # of the browser; 0 unknown
        ("greeting", "u4"),  # TLS fingerprint, hashed; 0 unknown
        ("shape", "u4"),  # the path without its digits, hashed
        ("number", "u4"),  # the last number in the path; 0 where there is none
        ("row", "i4"),  # index into the rows given beside the events
        ("asn", "u4"),
        ("region", "u4"),
        ("lat", "f4"),
        ("lon", "f4"),
        ("radius_km", "f4"),
        ("status", "u2"),
        ("major", "u2"),  # the browser's version; 0 unknown
        ("excused", "u2"),
        ("type", "u1"),  # place in `EVENT_TYPES`
        ("network", "u1"),
        ("precision", "u1"),
        ("version", "u1"),
        ("kind", "u1"),  # of client
        ("anchored", "u1"),  # 1: the place can be held against another one
        ("fixed", "u1"),  # 1: a home's, an office's or a school's network, no carrier's, VPN's or cloud's
        ("hosting", "u1"),  # 1: a cloud provider's or hosting network
        ("hidden", "u1"),  # 1: that, a VPN's or an anonymiser's
        ("bulk", "u1"),  # 1: a request that takes away a file: an export, a download, a megabyte
        ("desktop", "u1"),
        ("verified", "u1"),  # 1: a published crawler whose address and agent agree
        ("probe", "u1"),  # which weakness the path looks for, a `Probe`; 0 none
        ("asset", "u1"),  # 1: a picture, a style sheet or a script
        ("account", "u1"),  # 1: an account's, 0: a visitor's
        ("handheld", "u1"),  # 1: a phone, a tablet or an application
        ("role", "u1"),  # what is told of the account, see detector/windows/roles.py
        ("locked", "u1"),  # 1: a failure that is our own enforcement's
        ("proxied", "u1"),  # 1: through a proxy nobody vouches for: whose address it shows is not known
        ("claim_kind", "u1"),  # see detector/stages/claims.py
        ("client_words", "u1"),  # see detector/stages/client_words.py
        ("max_cities", "u1"),  # from entitlements; 0 says nothing
        ("max_devices", "u1"),
        ("seats", "u2"),  # that the organisation bought
    ],
    align=True,
)
"""What the fold reads of an event."""

FEATURES: Final = np.dtype(
    [
        ("time_ms", "i8"),
        ("first_ms", "i8"),  # of the row
        ("row", "i4"),
        ("opened", "i2"),  # the sighting whose witness this event is: it opened it, or shows more; -1 none
        ("current", "i2"),  # the sighting it belongs to, -1 none
        ("failure", "i2"),  # the witness place of a failed login, -1 none
        ("excused", "u2"),
        ("account", "u1"),
        (
            "seat",
            "u1",
        ),  # an organisation's account: SEAT or ADMIN of detector/windows/roles.py; 0 a personal one
        ("present", "u1"),  # this event shows a person at work
        ("worked", "u1"),  # ... for the first time in a quarter of an hour by this device from this place
        ("again", "u1"),  # this event asks again for a page just asked for, and no timer does
        ("fresh", "u1"),  # ... for a page not asked for in this clock hour and the one before
        ("stepped", "u1"),  # ... for the next thing of a catalogue, by the same stride as before
        ("stride", "i4"),  # by which stride; 0 where it is no such thing
        ("told", "u1"),  # 1: a fresh page of which the crowds are told, at growing distances
        ("probed", "u1"),  # ... for a weakness in a way not seen in the last day
        ("hosting_use", "u1"),  # this event uses the account from a hosting network
        ("proxied", "u1"),
        ("network", "u1"),
        ("precision", "u1"),
        ("kind", "u1"),
        ("verified", "u1"),
        ("max_cities", "u1"),
        ("max_devices", "u1"),
        ("far_overlaps_24h", "u4"),
        ("near_overlaps_24h", "u4"),
        ("overlap_km", "f4"),
        ("metros_24h", "u4"),
        ("hops_24h", "u4"),
        ("returns_24h", "u4"),
        ("jumps_24h", "u4"),
        ("jump_kmh", "f4"),
        ("jump_km", "f4"),
        ("hosting_24h", "u4"),
        ("hosting_hours_24h", "u4"),
        ("hosting_days_14d", "u1"),  # 0 but for use of a hosting network
        ("used_days_14d", "u1"),  # likewise
        ("requests_1m", "u4"),
        ("requests_1h", "u4"),
        ("requests_24h", "u4"),
        ("assets_1h", "u4"),
        ("assets_24h", "u4"),
        ("active_hours_24h", "u4"),
        ("walked_hours_24h", "u4"),  # with several fresh pages
        ("chosen_1h", "u4"),  # requests without assets, timers' rounds and repeats
        ("chosen_24h", "u4"),
        ("fresh_1h", "u4"),
        ("fresh_24h", "u4"),
        ("steps_24h", "u4"),
        ("refused_24h", "u4"),  # answered 429, too many requests
        ("clients_1h", "u4"),  # kinds of client that were seen, at most SIGHTINGS; of visitors only
        ("greetings_1h", "u4"),  # TLS fingerprints of those, of which each has one; 0 where one has none
        ("run_h", "f4"),  # chosen pages without a break of 5 minutes: for how long
        ("run_loads", "u4"),
        ("burst_level", "f4"),
        ("flood_level", "f4"),
        ("knocked", "u1"),  # 1: the crowds are told that somebody asks for the same again and again
        ("usual_1m", "f4"),  # requests a minute in the hours before, where any came
        ("probe_paths", "u4"),  # distinct, until a day without any
        ("probe_kinds", "u4"),
        ("missed_paths", "u4"),  # distinct without their digits, until a day without any
        ("paths_1h", "f4"),
        ("gaps", "u4"),
        ("gap_mean_s", "f4"),
        ("gap_cv", "f4"),
        ("failures_24h", "u4"),
        ("strange_failures_24h", "u4"),
        ("strange_networks", "u4"),
        ("failure_level", "f4"),
        ("failure_slow", "f4"),
        ("failure_run", "u4"),
        ("forged_24h", "u4"),  # claims of no host's address, different ones; 0 where the event claims nothing
        ("changed_claims_24h", "u4"),
        ("claim_networks_24h", "u4"),
        ("claim_agents_24h", "u4"),  # times that another agent claimed than before
        ("foreign_24h", "u4"),  # events by foreign clients; 0 where this one is by no such client
        ("contrary_24h", "u4"),  # events by clients that contradict themselves, likewise
        ("known_by", "u1"),  # of a login, of a sighting that opens: by what it was known before, KNOWN_… bits
        ("attacked_from", "u1"),  # 1: failed logins came from this event's network before
        ("login", "u1"),  # 1: this event is a login that succeeded
        ("renewed", "u1"),  # 1: the password was changed since the last strange failed login
        ("reported", "u1"),  # 1: the holder reports misuse
        ("moved", "u1"),  # 1: with this event a session has moved
        ("moves_24h", "u4"),
        ("moved_slots", "u2"),
        ("strangers_24h", "u4"),  # sightings of a day that nothing was known of
        ("stranger_slots", "u2"),
        ("stranger", "u1"),  # who knew the password at once: 2 a whole stranger, 1 a near one; for a week
        (
            "stranger_acts",
            "u1",
        ),  # 1: this event is his, on his first day, or shows that he was not the holder
        ("stranger_lately", "u1"),  # 1: within a day
        ("stranger_renewed", "u1"),  # 1: he set a new one
        ("stranger_hidden", "u1"),
        ("stranger_odd_hour", "u1"),
        ("stranger_far", "u1"),
        ("stranger_files", "u2"),  # that he took away on his first day
        ("own_files", "u2"),  # the most that the holder did on a day
        ("shut_out", "u1"),  # logins that failed at home since his new password
        ("restored", "u1"),  # 1: with this event the holder, shut out, sets another
        ("intruder_slots", "u2"),
        ("overlap_slots", "u2"),
        ("near_slots", "u2"),
        ("jump_slots", "u2"),
        ("metro_slots", "u2"),
        ("hosting_slots", "u2"),
        ("days_known", "u2"),  # since the first sign of a person
        ("days_seen", "u1"),  # of the last 64 with a sign
        ("device_days", "u1"),  # of those, of this device; 0 where it cannot be told
        ("devices_14d", "u1"),  # with signs on two days, one of them lately
        ("computers_14d", "u1"),  # of those
        ("hand", "u1"),  # number of the hand at work, 0 not known
        ("hand_days", "u1"),  # of the last 64 with a sign of it
        ("hands_14d", "u1"),  # with signs on two of the last 14 days
        ("hands_once_14d", "u1"),  # or on one
        ("hours_share", "f4"),  # of all hours with signs, those within an hour of this one's
        ("turned", "u1"),  # 1: with this event another hand is at work than before
        ("people", "u1"),  # at least so many, from two on
        ("people_sure", "u1"),  # interleavings of the two of them with fewest, by weight
        ("interleaved", "u1"),  # interleavings of the two hands with most, by weight
        ("strange_overlaps", "u1"),  # near overlaps of computers that never met, halved every week
        ("far_turns_14d", "u1"),  # times a hand came back after one of another metropolis
        ("near_turns_14d", "u1"),  # or, within one day, of another line of the same one
        ("turns_apart", "f4"),  # share of their hours that those who take turns have not in common
        ("successions", "u1"),  # hands that came when all before had gone, in halves: 1 for a day's
        ("old_days", "u1"),  # working days with signs of those before; 0 where they are not gone
        ("new_days", "u1"),  # working days with signs of those who came last
        ("missed_days", "f4"),  # whole working days with signs that those before would have had since
        ("hours_apart", "f4"),  # share of their hours that were not those of the ones before
        ("clients_new", "u1"),  # 1: none of their clients was seen before
        ("password_new", "u1"),  # 1: the password was changed within a day of their coming
        ("moved_far", "u1"),  # 1: all their lines are in other metropolises
        ("desk_people", "u1"),  # of a seat: computers of one network at work at once, each two of them often
        ("desk_sure", "u1"),  # the fewest times of two of them
        ("desk_days_14d", "u1"),  # days with several such times
        ("desk_slots", "u2"),
        ("hand_slots", "u2"),
        ("city_places_7d", "u1"),  # left or reached
        ("city_moves_24h", "u1"),  # from one to another, in halves, but for those of the commonest pair
        ("city_moves_7d", "u1"),
        ("city_backs_7d", "u1"),  # of those, to a place that was visited before
        ("city_jumps_7d", "u1"),  # sooner than by plane or train, but for those of their commonest pair
        ("city_scatter_7d", "u1"),  # hurried moves beside the two places that are come to most
        ("round_days_7d", "u1"),  # days of rounds (detector/windows/itinerary/rounds.py)
        ("city_slots", "u2"),
    ],
    align=True,
)
"""What rules read: the row's state right after the event, in the order of events.

Counts `_24h` cover the current clock hour and the 23 before it; `_1h` the current hour and the one before;
`_1m` the busier of the current minute and the one before. `…_slots` have a bit for each sighting concerned.
What comes after `hosting_slots` is the long memory's, and 0 but for a person's signs at an account; what
comes after `hand_slots` is the itinerary's, and 0 but for moves.
"""

IPV6: Final = 6
REPORT: Final = 7
"""Place of the holder's report in `EVENT_TYPES`."""

EVENT_TYPES: Final = (
    "login_success",
    "login_failure",
    "logout",
    "heartbeat",
    "request",
    "registration",
    "password_change",
    "compromise_report",
)
