"""Days of rounds: an account's person at work in province after province, whatever lines led there.

What one device meets behind one provider's lines is one place to its moves (note.py), for a line that is
dialled anew may have addresses that the database puts elsewhere. So the lines of a provider count for two
provinces of a day at most, the right one and a wrong one.
"""

from detector.windows.compiled import Record, compiled
from detector.windows.habits.calendar import WEEK_DAYS, day_of
from detector.windows.itinerary.layout import STOPS
from detector.windows.rings import bits

SIGNS = 3
"""Of a person in a province: a stray one is no work."""
PROVINCES = 4
"""Of a day of rounds: a home, an office that goes out elsewhere and a VPN are three."""
OF_A_PROVIDER = 2


@compiled
def note_stop(event: Record, trip: Record) -> None:
    """Take note of a person's sign at an anchored address."""
    _begin_day(trip, int(day_of(int(event["time_ms"]))))
    stop = int(_stop(event, trip))
    if stop < 0 or trip["stop_signs"][stop] == SIGNS or event["region"] == 0:
        return
    trip["stop_region"][stop] = event["region"]
    trip["stop_asn"][stop] = event["asn"]
    trip["stop_version"][stop] = event["version"]
    trip["stop_signs"][stop] += 1
    if trip["stop_signs"][stop] == SIGNS and _provinces(trip, int(event["version"])) >= PROVINCES:
        trip["round_days"] |= 1


@compiled
def _begin_day(trip: Record, day: int) -> None:
    days = day - int(trip["day"])
    if days == 0:
        return
    trip["round_days"] = (int(trip["round_days"]) << days) & ((1 << WEEK_DAYS) - 1) if days < WEEK_DAYS else 0
    trip["day"] = day
    trip["stop_signs"][:] = 0


@compiled
def _stop(event: Record, trip: Record) -> int:
    """Return the place of an event's stop, which may be a free one; -1 where there is none left."""
    for place in range(STOPS):
        if trip["stop_signs"][place] == 0:
            return place
        if (
            trip["stop_region"][place] == event["region"]
            and trip["stop_asn"][place] == event["asn"]
            and trip["stop_version"][place] == event["version"]
        ):
            return place
    return -1


@compiled
def _provinces(trip: Record, version: int) -> int:
    """Return in how many provinces somebody was at work today, over addresses of one IP version."""
    counted = 0
    for place in range(STOPS):
        if trip["stop_signs"][place] < SIGNS or trip["stop_version"][place] != version:
            continue
        of_provider, known = 0, False
        for other in range(place):
            if counted >> other & 1:
                known = known or trip["stop_region"][other] == trip["stop_region"][place]
                of_provider += trip["stop_asn"][other] == trip["stop_asn"][place]
        if not known and of_provider < OF_A_PROVIDER:
            counted |= 1 << place
    return int(bits(counted))
