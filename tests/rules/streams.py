"""What each rule must see and must not: short streams of events, built from the rule's own parameters.

`CROSSINGS` of a rule are its thresholds: each builds a stream that just reaches it (step 0) or just does not
(step -1); larger steps are louder. `LOOK_ALIKES` are innocents who resemble what a rule looks for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detector.rules.brute_force import BruteForce
from detector.rules.city_alternation import CityAlternation
from detector.rules.city_rounds import CityRounds
from detector.rules.crawl_in_order import CrawlInOrder
from detector.rules.crawl_rate import CrawlRate
from detector.rules.crawl_regularity import CrawlRegularity
from detector.rules.crawl_restless import CrawlRestless
from detector.rules.datacenter_use import DatacenterUse
from detector.rules.declared_bot import DeclaredBot
from detector.rules.flood_rate import FloodRate
from detector.rules.flood_refused import FloodRefused
from detector.rules.guessed_password import GuessedPassword
from detector.rules.impossible_travel import ImpossibleTravel
from detector.rules.overlapping_lines import OverlappingLines
from detector.rules.overlapping_use import OverlappingUse
from detector.rules.probing_misses import ProbingMisses
from detector.rules.probing_paths import ProbingPaths
from tests.rules import claim_streams, client_streams, crawl_streams, seat_streams
from tests.rules import streams_of_hands as hands
from tests.rules import takeover_streams as takeovers
from tests.rules.events import (
    CHROME,
    GOOGLEBOT_AGENT,
    HOUR_MS,
    LAPTOP,
    MINUTE_MS,
    NOON_MS,
    OTHER_BOT_AGENT,
    PHONE,
    PHONE_APP,
    SECOND_MS,
    Event,
    Hand,
    every,
    unevenly,
)
from tests.rules.networks import (
    ALIYUN_BEIJING,
    BEIJING,
    BEIJING_UNICOM,
    CHENGDU,
    GOOGLEBOT,
    GUANGZHOU,
    GUANGZHOU_OTHER_ADDRESS,
    JINAN,
    LANGFANG,
    PHONE_IPV6,
    PHONE_QINGDAO,
    PHONE_SHANGHAI,
    RELAY_SYDNEY,
    SHANGHAI,
    SUZHOU,
    VPN,
    WUHAN,
    Network,
)

Crossing = Callable[[int], Iterator[Event]]

VISITOR = Hand(account=None, device=None)
GOOGLE = Hand(GOOGLEBOT, None, GOOGLEBOT_AGENT, None)
DESKTOP = Hand(device="desktop")


# --- overlapping use and lines -----------------------------------------------------------------------------


def by_turns(first: Hand, second: Hand, overlaps: int) -> Iterator[Event]:
    """Two devices log in by turns every 6 minutes: each login after the second's first is an overlap."""
    for number, time_ms in enumerate(every(6 * MINUTE_MS, overlaps + 2)):
        yield (first, second)[number % 2].login(time_ms)


def two_cities_at_once(step: int) -> Iterator[Event]:
    return by_turns(LAPTOP, DESKTOP.behind(SHANGHAI), OverlappingUse().overlaps + step)


def two_homes_of_one_provider_at_once(step: int) -> Iterator[Event]:
    """On the first day: counted every 10 minutes, half as often as two providers' lines."""
    neighbour = DESKTOP.behind(SHANGHAI._replace(ip="45.115.145.7"))
    count = 2 * OverlappingLines().overlaps - 1 + 2 * step
    return by_turns(LAPTOP.behind(SHANGHAI), neighbour, count)


def office_with_two_lines() -> Iterator[Event]:
    """A laptop and a desktop in an office that sends each session out by one of its providers' two lines."""
    for number, time_ms in enumerate(every(5 * MINUTE_MS, 96)):
        line = (BEIJING, BEIJING_UNICOM)[number // 4 % 2]
        yield (LAPTOP, DESKTOP)[number % 2].behind(line).login(time_ms)


def two_lines_at_once(step: int) -> Iterator[Event]:
    return by_turns(LAPTOP, DESKTOP.behind(BEIJING_UNICOM), OverlappingLines().overlaps + step)


def phone_beside_laptop() -> Iterator[Event]:
    """A phone whose carrier lets it out in another city."""
    return by_turns(LAPTOP, PHONE.behind(PHONE_QINGDAO), 40)


def phone_on_wifi_of_another_provider() -> Iterator[Event]:
    return by_turns(LAPTOP, PHONE.behind(BEIJING_UNICOM), 40)


def vpn_on_the_other_computer() -> Iterator[Event]:
    yield from by_turns(LAPTOP, DESKTOP.behind(RELAY_SYDNEY), 20)
    yield from (DESKTOP.behind(VPN).login(time_ms + MINUTE_MS) for time_ms in every(6 * MINUTE_MS, 20))


def from_home_to_the_office() -> Iterator[Event]:
    """One laptop at home, then behind the office's other provider, then at home, day by day."""
    for day in range(3):
        start_ms = NOON_MS + day * 24 * HOUR_MS
        for hours, network in ((0, BEIJING), (1, BEIJING_UNICOM), (5, BEIJING)):
            where = LAPTOP.behind(network)
            yield where.login(start_ms + hours * HOUR_MS)
            yield from where.pages(unevenly(2 * MINUTE_MS, 20, start_ms + hours * HOUR_MS + MINUTE_MS))


def tab_left_open_in_another_city() -> Iterator[Event]:
    """A dashboard at the office polls one path, while its user works in another city."""
    yield DESKTOP.behind(SHANGHAI).login(NOON_MS - 4 * HOUR_MS)
    yield from DESKTOP.behind(SHANGHAI).pages(every(MINUTE_MS, 240), distinct=1)
    yield from LAPTOP.pages(unevenly(3 * MINUTE_MS, 60))


def clicking(hand: Hand, hours: int = 6) -> Iterator[Event]:
    """A person at work: a page every 3 minutes, in bursts."""
    yield hand.login(NOON_MS - MINUTE_MS)
    yield from hand.pages(unevenly(3 * MINUTE_MS, 20 * hours))


def dashboard_left_open_in_another_city() -> Iterator[Event]:
    """Its user logged in there, looked for a while and left; its eight parts go on being reloaded."""
    yield DESKTOP.behind(SHANGHAI).login(NOON_MS - 3 * HOUR_MS)
    yield from DESKTOP.behind(SHANGHAI).parts(every(MINUTE_MS, 9 * 60, NOON_MS - 3 * HOUR_MS), 8)
    yield from clicking(LAPTOP)


def page_in_another_city_that_reloads_itself() -> Iterator[Event]:
    """Every 5 minutes, with its pictures and scripts."""
    away = DESKTOP.behind(SHANGHAI)
    yield away.login(NOON_MS - 3 * HOUR_MS)
    for time_ms in every(5 * MINUTE_MS, 9 * 12, NOON_MS - 3 * HOUR_MS):
        yield away.request(time_ms, "/rankings")
        yield from away.assets([time_ms + 200, time_ms + 300, time_ms + 400])
    yield from clicking(LAPTOP)


def computer_in_another_city_that_wakes_up() -> Iterator[Event]:
    """Every 40 minutes it asks once for what its open page always asks for, and sleeps on."""
    away = DESKTOP.behind(SHANGHAI)
    yield away.login(NOON_MS - 8 * HOUR_MS)
    for time_ms in every(40 * MINUTE_MS, 18, NOON_MS - 6 * HOUR_MS):
        yield away.request(time_ms, "/api/notifications")
        yield away.beat(time_ms + SECOND_MS)
    yield from clicking(LAPTOP)


def tab_left_open_at_the_office() -> Iterator[Event]:
    """Behind the office's own line, of another provider, in the city where its user goes on at home."""
    office = DESKTOP.behind(BEIJING_UNICOM)
    yield office.login(NOON_MS - 3 * HOUR_MS)
    yield from office.parts(every(30 * SECOND_MS, 9 * 120, NOON_MS - 3 * HOUR_MS), 2)
    yield from map(office.beat, every(MINUTE_MS, 9 * 60, NOON_MS - 3 * HOUR_MS))
    yield from clicking(LAPTOP)


# --- cities ------------------------------------------------------------------------------------------------


def tour(networks: Sequence[Network], gap_ms: int = 2 * HOUR_MS) -> Iterator[Event]:
    """One device logs in from one place after the other."""
    for time_ms, network in zip(every(gap_ms, len(networks)), networks, strict=True):
        yield LAPTOP.behind(network).login(time_ms)


def around(networks: Sequence[Network], returns: int) -> Iterator[Event]:
    """Visit each place once, then return to one after the other, with a computer in each."""
    count = len(networks) + returns
    return couriers([networks[number % len(networks)] for number in range(count)], 2 * HOUR_MS)


def between_two_cities(step: int) -> Iterator[Event]:
    return around([BEIJING, SHANGHAI], CityAlternation().returns + step)


THREE = (BEIJING_UNICOM, SHANGHAI, GUANGZHOU)
"""Cities, each with a provider of its own."""
FOUR = (*THREE, JINAN)


def through_many_cities(step: int) -> Iterator[Event]:
    """One computer that goes through ever other proxies, sooner than anybody travels."""
    return tour([FOUR[number % 4] for number in range(CityAlternation().hops + 1 + step)], 20 * MINUTE_MS)


def couriers(networks: Sequence[Network], gap_ms: int) -> Iterator[Event]:
    """Log in from one place after the other, with a computer in each."""
    for time_ms, network in zip(every(gap_ms, len(networks)), networks, strict=True):
        yield Hand(network, f"at {network.ip}").login(time_ms)


def three_cities_in_a_day(step: int) -> Iterator[Event]:
    """Couriers with a computer each: of five moves three count, two halves each."""
    count = CityRounds().daily // 2 + 3 + step
    return couriers([THREE[number % 3] for number in range(count)], 270 * MINUTE_MS)


def three_cities_in_a_hurry(step: int) -> Iterator[Event]:
    """Computers that leave a traveller no time: moves count three halves."""
    stops = [THREE[number % 3] for number in range(CityRounds().daily // 3 + 2 + step)]
    return couriers(stops, 110 * MINUTE_MS)


def four_cities_in_a_week(step: int) -> Iterator[Event]:
    """Of eleven moves three, those of the commonest pair, do not count; each counts a half."""
    return tour([FOUR[number % 4] for number in range(CityRounds().weekly + 4 + step)], 12 * HOUR_MS)


def four_cities_known_before(step: int) -> Iterator[Event]:
    """Each was visited the week before, so that all moves go back: eleven, less three."""
    yield from tour(FOUR, 20 * HOUR_MS)
    for number in range(CityRounds().weekly + 3 + step):
        where = LAPTOP.behind(FOUR[number % 4])
        yield where.login(NOON_MS + 8 * 24 * HOUR_MS + number * 12 * HOUR_MS)


def salesman() -> Iterator[Event]:
    """Every working day by train to one of two cities and back, with one laptop."""
    for day in range(14):
        if day % 7 < 5:
            there = (JINAN, LANGFANG)[day % 2]
            for hours, network in ((-4, BEIJING_UNICOM), (0, there), (3, there), (8, BEIJING_UNICOM)):
                yield LAPTOP.behind(network).login(NOON_MS + day * 24 * HOUR_MS + hours * HOUR_MS)


def works_at_three_sites() -> Iterator[Event]:
    """A day at each of two plants every week, by train, and at home between them."""
    for week in range(3):
        for day, network in enumerate((JINAN, SHANGHAI, SHANGHAI, JINAN, BEIJING_UNICOM, JINAN)):
            yield LAPTOP.behind(network).login(NOON_MS + (week * 7 + day) * 24 * HOUR_MS)


def long_way_there_and_back() -> Iterator[Event]:
    """A holiday from city to city, and the same way home, a day each."""
    way = (BEIJING_UNICOM, JINAN, SHANGHAI, GUANGZHOU)
    return tour((*way, *way[-2::-1]), 24 * HOUR_MS)


def home_that_seems_elsewhere() -> Iterator[Event]:
    """Its line, and nothing else, lies in the wrong province; two journeys from there to a third city."""
    for day in range(14):
        there = (GUANGZHOU, SHANGHAI) if day in {3, 10} else (GUANGZHOU, BEIJING_UNICOM, GUANGZHOU)
        for hours, network in enumerate(there):
            yield LAPTOP.behind(network).login(NOON_MS + (day * 24 + 5 * hours) * HOUR_MS)


def line_whose_addresses_lie() -> Iterator[Event]:
    """Dialled anew every few hours; the database spreads its provider's addresses over the country."""
    return tour([*[BEIJING, GUANGZHOU] * 8, CHENGDU, *[BEIJING, GUANGZHOU] * 8], 7 * HOUR_MS)


def four_cities_of_one_provider(step: int) -> Iterator[Event]:
    """One computer that is known for four places since it came back, and by whose moves they are rounds."""
    places = (BEIJING, GUANGZHOU, CHENGDU, WUHAN)
    return tour([places[number % 4] for number in range(CityRounds().daily + 3 + step)], 2 * HOUR_MS)


def days_at_work_in(*days: Sequence[Network]) -> Iterator[Event]:
    """One computer at work in a day's places, twenty minutes in each, an hour after the other."""
    for day, networks in enumerate(days):
        for place, network in enumerate(networks):
            for time_ms in every(10 * MINUTE_MS, 3):
                yield LAPTOP.behind(network).login(time_ms + day * 24 * HOUR_MS + place * HOUR_MS)
    yield LAPTOP.behind(days[-1][0]).login(NOON_MS + (len(days) - 1) * 24 * HOUR_MS + len(days[-1]) * HOUR_MS)


def days_of_rounds(step: int) -> Iterator[Event]:
    """In four provinces, two of them behind lines of one provider."""
    return days_at_work_in(*[(GUANGZHOU, BEIJING_UNICOM, CHENGDU, JINAN)] * (CityRounds().days + step))


def all_over_the_country(step: int) -> Iterator[Event]:
    """One computer through ever other home lines of one provider, every hour in the next of five cities."""
    cities = ("1.86.{}.7", "14.16.{}.7", "61.139.{}.7", "202.103.{}.7", "222.222.{}.7")
    stops = [cities[number % 5].format(4 + number) for number in range(CityRounds().scattered + 10 + step)]
    return tour([BEIJING._replace(ip=ip) for ip in stops], HOUR_MS)


def line_that_errs_one_time_in_three() -> Iterator[Event]:
    """Dialled anew all day for a month; every third address seems to be in another one of four provinces."""
    wrong = ("1.86.{}.7", "61.139.{}.7", "202.103.{}.7", "222.222.{}.7")
    stops = [
        wrong[number // 3 % 4].format(4 + number // 3) if number % 3 == 0 else f"14.16.{number}.7"
        for number in range(200)
    ]
    return tour([GUANGZHOU._replace(ip=ip) for ip in stops], 3 * HOUR_MS)


def home_office_and_customer() -> Iterator[Event]:
    """In three provinces every day: a home that its database puts elsewhere, an office, a customer's."""
    return days_at_work_in(*[THREE] * 5)


def line_that_is_dialled_anew_all_day() -> Iterator[Event]:
    """Its addresses are in three provinces every day, the office's are in a fourth."""
    return days_at_work_in(
        (BEIJING, GUANGZHOU, CHENGDU, SHANGHAI), (SUZHOU, GUANGZHOU_OTHER_ADDRESS, WUHAN, SHANGHAI)
    )


def home_between_two_prefixes() -> Iterator[Event]:
    """Two computers behind one line, whose two prefixes the database puts into two provinces."""
    for number, time_ms in enumerate(every(150 * MINUTE_MS, 60)):
        for device in (LAPTOP, DESKTOP):
            yield device.behind((BEIJING, GUANGZHOU)[number % 2]).login(time_ms + len(device.device or ""))


def faster_than_an_airliner(step: int) -> Iterator[Event]:
    jumps = ImpossibleTravel().jumps + step
    return couriers([(BEIJING, SHANGHAI)[number % 2] for number in range(jumps + 1)], 20 * MINUTE_MS)


def faster_than_an_airliner_by_two_ways(step: int) -> Iterator[Event]:
    stops = [THREE[number % 3] for number in range(ImpossibleTravel().beside + 2 + step)]
    return couriers(stops, 20 * MINUTE_MS)


def commuter_between_neighbouring_cities() -> Iterator[Event]:
    yield from tour([BEIJING, LANGFANG] * 8, HOUR_MS)
    for time_ms, network in zip(every(HOUR_MS, 16), [SHANGHAI, SUZHOU] * 8, strict=True):
        yield Hand(network, account="acc-2").login(time_ms)


def office_with_two_exits() -> Iterator[Event]:
    """One computer whose firm lets it out in Beijing and in Shanghai by turns."""
    return tour([BEIJING_UNICOM, SHANGHAI] * 20, 20 * MINUTE_MS)


def two_flights_a_day() -> Iterator[Event]:
    """Beijing to Shanghai, 1,070 km, in 2 h 30 min; back in the evening; the same again the day after."""
    for day in range(3):
        for hours, network in ((0.0, BEIJING), (2.5, SHANGHAI), (9.0, SHANGHAI), (11.5, BEIJING)):
            yield LAPTOP.behind(network).login(NOON_MS + day * 24 * HOUR_MS + round(hours * HOUR_MS))


def vpn_switched_on_and_off() -> Iterator[Event]:
    return tour([BEIJING, RELAY_SYDNEY, BEIJING, VPN] * 6, 10 * MINUTE_MS)


def phone_between_gateways() -> Iterator[Event]:
    """A carrier lets a phone out in one province and in the next one."""
    gateways = [PHONE_QINGDAO, PHONE_SHANGHAI, BEIJING] * 8
    for time_ms, network in zip(every(10 * MINUTE_MS, len(gateways)), gateways, strict=True):
        yield PHONE.behind(network).login(time_ms)


# --- datacenters -------------------------------------------------------------------------------------------


def from_a_cloud(count: int, hours: int) -> Iterator[Event]:
    """Requests from a cloud, the first ones an hour apart, the rest in the last hour."""
    cloud = LAPTOP.behind(ALIYUN_BEIJING)
    times_ms = [NOON_MS + min(number, hours - 1) * HOUR_MS + number * SECOND_MS for number in range(count)]
    return cloud.pages(times_ms)


def cloud_for_long(step: int) -> Iterator[Event]:
    return from_a_cloud(DatacenterUse().events + step, DatacenterUse().hours)


def cloud_in_many_hours(step: int) -> Iterator[Event]:
    return from_a_cloud(2 * DatacenterUse().events, DatacenterUse().hours + step)


def cloud_on_many_days(step: int) -> Iterator[Event]:
    """Half an hour every other day."""
    for day in range(DatacenterUse().days + step):
        yield from LAPTOP.behind(ALIYUN_BEIJING).pages(every(5 * MINUTE_MS, 6, NOON_MS + day * 48 * HOUR_MS))


def strays_through_a_cloud() -> Iterator[Event]:
    """A proxy lets the office out through a cloud for a page or two, day by day."""
    for day in range(14):
        morning_ms = NOON_MS + day * 24 * HOUR_MS
        yield from LAPTOP.pages(unevenly(3 * MINUTE_MS, 30, morning_ms))
        yield from LAPTOP.behind(ALIYUN_BEIJING).pages(every(MINUTE_MS, 3, morning_ms + 2 * HOUR_MS))


def thief_in_a_cloud() -> Iterator[Event]:
    """Somebody who has the password comes from a cloud for an evening; the holder was never there."""
    for day in range(4):
        yield from LAPTOP.pages(unevenly(3 * MINUTE_MS, 30, NOON_MS + day * 24 * HOUR_MS))
    thief = Hand(ALIYUN_BEIJING, "thief", CHROME)
    yield thief.login(NOON_MS + 80 * HOUR_MS)
    yield from thief.pages(unevenly(3 * MINUTE_MS, 100, NOON_MS + 80 * HOUR_MS + MINUTE_MS))


def page_open_on_a_cloud_desktop() -> Iterator[Event]:
    """Only its heartbeats come from the cloud."""
    yield from map(LAPTOP.behind(ALIYUN_BEIJING).beat, every(MINUTE_MS, 6 * 60))
    yield from clicking(LAPTOP)


def stray_request_from_a_cloud() -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS)
    yield LAPTOP.behind(ALIYUN_BEIJING).request(NOON_MS + HOUR_MS, "/report/7")
    yield from LAPTOP.pages(unevenly(2 * MINUTE_MS, 40, NOON_MS + 2 * HOUR_MS))


def visits_through_a_cloud() -> Iterator[Event]:
    """On three days of fourteen, a proxy in a cloud has half an hour of a day's work."""
    for day in range(14):
        morning_ms = NOON_MS + day * 24 * HOUR_MS
        yield from LAPTOP.pages(unevenly(3 * MINUTE_MS, 60, morning_ms))
        if day % 5 == 3:
            yield from LAPTOP.behind(ALIYUN_BEIJING).pages(every(5 * MINUTE_MS, 6, morning_ms + 4 * HOUR_MS))


def afternoon_partly_through_a_cloud() -> Iterator[Event]:
    """A page in five goes out through a cloud, all through a long day."""
    for number, time_ms in enumerate(unevenly(3 * MINUTE_MS, 160)):
        yield (LAPTOP.behind(ALIYUN_BEIJING) if number % 5 == 0 else LAPTOP).request(
            time_ms, f"/report/{number}"
        )


def cloud_desktop_allowed() -> Iterator[Event]:
    """Eight hours on an allowed cloud desktop, and an evening at home."""
    yield from LAPTOP.behind(ALIYUN_BEIJING).pages(unevenly(4 * MINUTE_MS, 120))
    yield from LAPTOP.pages(unevenly(2 * MINUTE_MS, 30, NOON_MS + 9 * HOUR_MS))


CLOUD_ALLOWED = ({"kind": "ip", "value": ALIYUN_BEIJING.ip},)


# --- crawlers ----------------------------------------------------------------------------------------------


def many_pages(step: int) -> Iterator[Event]:
    """A good bit more, or less, than the threshold: fresh paths are counted by a sketch."""
    count = round(CrawlRate().paths * (1.15 + 0.3 * step))
    return LAPTOP.shuffled(unevenly(8 * SECOND_MS, count))


def many_pages_at_once(step: int) -> Iterator[Event]:
    """Five a second, so many that the bucket is a tenth fuller, or emptier, than it may be."""
    burst = CrawlRate().burst * (1.1 + 0.2 * step)
    return LAPTOP.shuffled(every(SECOND_MS / 5, round(burst * 5 / 4.5)))


def returning_for_ever_more(step: int) -> Iterator[Event]:
    """As many pages as nobody opens, every other one twice."""
    count = round(CrawlRate().many * (1.15 + 0.3 * step) / 1.25)
    for number, time_ms in enumerate(unevenly(6 * SECOND_MS, count)):
        yield LAPTOP.request(time_ms, f"/{number * 7919 % count}/x")
        if number % 4 == 0:
            yield LAPTOP.request(time_ms + 100, f"/{number * 7919 % count}/y")
            yield LAPTOP.request(time_ms + 200, f"/{number * 7919 % count}/x")


def pages_with_few_assets(step: int) -> Iterator[Event]:
    """Twice the pages, with just so many assets before them that they count, or one more."""
    rule = CrawlRate()
    pages = 2 * rule.paths
    assets = round(rule.assets * pages / (1.0 - rule.assets)) - min(step, 0)
    yield from LAPTOP.assets(unevenly(SECOND_MS, assets))
    yield from LAPTOP.shuffled(unevenly(5 * SECOND_MS, pages, NOON_MS + assets * SECOND_MS))


def as_by_a_timer(step: int) -> Iterator[Event]:
    return LAPTOP.shuffled(every(20 * SECOND_MS, CrawlRegularity().gaps + step + 1))


def with_some_jitter(step: int) -> Iterator[Event]:
    """Gaps that deviate a tenth less, or more, than a timer's may."""
    rule = CrawlRegularity()
    return LAPTOP.shuffled(jittering(rule.cv * max(0.1, 0.9 - 0.2 * step), 8 * rule.gaps))


def jittering(jitter: float, count: int) -> list[int]:
    """Moments with gaps that are that much longer and shorter than 15 s by turns."""
    times_ms, now_ms = [], float(NOON_MS)
    for number in range(count + 1):
        times_ms.append(round(now_ms))
        now_ms += 15 * SECOND_MS * (1.0 + (jitter if number % 2 else -jitter))
    return times_ms


def long_enough_for_its_jitter(step: int) -> Iterator[Event]:
    """Gaps less even than a timer's, four times as many of them, or less."""
    rule = CrawlRegularity()
    return LAPTOP.shuffled(jittering(1.8 * rule.timer, round(rule.uneven * 3.4 * (1.1 + 0.2 * step))))


def mostly_other_pages(step: int) -> Iterator[Event]:
    """Pages between which somebody returns to one of three, by turns."""
    rule = CrawlRegularity()
    fresh = min(1.0, rule.fresh + 0.1 + 0.2 * step)
    for number, time_ms in enumerate(every(20 * SECOND_MS, 3 * max(rule.gaps, rule.paths))):
        new = int((number + 1) * fresh) > int(number * fresh)
        yield LAPTOP.request(time_ms, f"/material/{number * 7919 % 1000}" if new else f"/home/{number % 3}")


def slowly_as_by_a_timer(step: int) -> Iterator[Event]:
    """So slow that two hours hold a tenth more, or less, pages than are needed."""
    rule = CrawlRegularity()
    gap_ms = 2 * HOUR_MS / (rule.paths * (1.1 + 0.2 * step))
    return LAPTOP.shuffled(every(gap_ms, rule.gaps * 2))


def hours_without_rest(step: int) -> Iterator[Event]:
    rule = CrawlRestless()
    hours = rule.hours + step
    each = max(20, rule.requests // hours + 1)
    return VISITOR.shuffled(
        [t for hour in every(HOUR_MS, hours) for t in unevenly(2 * MINUTE_MS, each, hour)]
    )


def requests_without_rest(step: int) -> Iterator[Event]:
    """Just so many requests in a day; what is left out is left out of the first hour."""
    rule = CrawlRestless()
    wanted = round(rule.requests * (1.05 + 0.1 * step))
    each = -(-wanted // 24)
    times_ms = [t for hour in every(HOUR_MS, 24) for t in unevenly(3 * MINUTE_MS, each, hour)]
    return VISITOR.shuffled(times_ms[24 * each - wanted :])


def restless_over_other_pages(step: int) -> Iterator[Event]:
    """Round the clock, of ten pages one more, or one less, fresh than is needed."""
    fresh = 10 * CrawlRestless().fresh + 0.5 + step
    for number, time_ms in enumerate(
        t for hour in every(HOUR_MS, 24) for t in unevenly(2 * MINUTE_MS, 28, hour)
    ):
        new = number % 10 < fresh
        yield VISITOR.request(time_ms, f"/{number * 7919 % 1000}/x" if new else f"/home/{number % 3}")


def jumping(hand: Hand, gap_ms: float, count: int) -> Iterator[Event]:
    """Ask for different pages, a short and a long gap by turns: too unevenly for a timer, in no bursts."""
    return hand.shuffled(
        [
            start_ms - (number % 2) * round(0.6 * gap_ms)
            for number, start_ms in enumerate(every(gap_ms, count))
        ]
    )


def reading_without_a_break(step: int) -> Iterator[Event]:
    rule = CrawlRestless()
    count = max(int(rule.run_h * 60 * 2), rule.loads) + 2
    return jumping(LAPTOP, (30 + 0.5 * step) * SECOND_MS, count)


def a_run_of_enough_pages(step: int) -> Iterator[Event]:
    rule = CrawlRestless()
    return jumping(LAPTOP, 1.1 * rule.run_h * HOUR_MS / rule.loads, round(rule.loads * (1.05 + 0.1 * step)))


def in_order(step: int) -> Iterator[Event]:
    """The first two things of a catalogue show no stride yet, and 0 is no number."""
    return VISITOR.pages(unevenly(MINUTE_MS, CrawlInOrder().steps + 3 + step))


def in_order_by_night(step: int) -> Iterator[Event]:
    """From one o'clock on."""
    return VISITOR.pages(unevenly(45 * SECOND_MS, CrawlInOrder().nightly + 3 + step, NOON_MS + 13 * HOUR_MS))


def quickly_in_order(step: int) -> Iterator[Event]:
    """Eight seconds in the mean, so that a third of what a person may take is enough."""
    needed = round(8 * CrawlInOrder().pace * (1.1 + 0.2 * step))
    return VISITOR.pages(every(8 * SECOND_MS, needed + 3))


def in_order_for_the_most_part(step: int) -> Iterator[Event]:
    """Things by their numbers, and beside each so many of no order that they are half, or more."""
    rule = CrawlInOrder()
    others = round(1 / rule.share) - 1 - step
    for number, time_ms in enumerate(unevenly(2 * MINUTE_MS, 2 * rule.steps)):
        yield VISITOR.request(time_ms, f"/material/{number}")
        for other in range(others):
            yield VISITOR.request(time_ms + 100 * other + 100, f"/by-the-way/{'abcdefghij'[other]}{number}/x")


def in_order_with_few_assets(step: int) -> Iterator[Event]:
    rule = CrawlInOrder()
    pages = 2 * rule.steps
    assets = int(rule.assets * pages / (1.0 - rule.assets)) - min(step, 0)
    yield from VISITOR.assets(unevenly(SECOND_MS, assets))
    yield from VISITOR.pages(unevenly(MINUTE_MS, pages, NOON_MS + assets * SECOND_MS))


def bot_by_its_own_word(step: int) -> Iterator[Event]:
    bot = Hand(agent=OTHER_BOT_AGENT, account=None, device=None)
    return bot.pages(unevenly(5 * MINUTE_MS, DeclaredBot().requests + step))


def bot_over_some_pages(step: int) -> Iterator[Event]:
    """Many requests for just so many pages."""
    rule = DeclaredBot()
    bot = Hand(agent=OTHER_BOT_AGENT, account=None, device=None)
    return bot.pages(unevenly(2 * MINUTE_MS, 2 * rule.requests), distinct=rule.paths + step)


def googlebot() -> Iterator[Event]:
    """The published crawler, from its published address, all day and fast."""
    return GOOGLE.shuffled(every(8 * SECOND_MS, 24 * 450))


def power_user() -> Iterator[Event]:
    """A page every 20 s for eight hours, in bursts, each with three assets."""
    for number, time_ms in enumerate(unevenly(20 * SECOND_MS, 8 * 180)):
        yield LAPTOP.request(time_ms, f"/material/{number}")
        yield from LAPTOP.assets([time_ms + 200, time_ms + 300, time_ms + 400])


def allowed_export() -> Iterator[Event]:
    """A program that fetches page after page, as was agreed with the account's holder."""
    return Hand(agent=OTHER_BOT_AGENT).pages(every(10 * SECOND_MS, 720))


EXPORT_ALLOWED = ({"kind": "user_agent", "value": OTHER_BOT_AGENT},)


def polling_dashboard() -> Iterator[Event]:
    """Eight parts reloaded by a timer, two days long, with no human near."""
    for time_ms in every(MINUTE_MS, 2 * 24 * 60):
        yield from LAPTOP.pages(every(100, 8, time_ms))


def reader() -> Iterator[Event]:
    """Fifteen hours of reading, in bursts, with a night's rest."""
    for number, time_ms in enumerate(unevenly(3 * MINUTE_MS, 300)):
        yield LAPTOP.request(time_ms, f"/article/{number}")
        yield from LAPTOP.assets([time_ms + 150])


def feed_reader() -> Iterator[Event]:
    """A program that says so fetches one feed every half hour."""
    bot = Hand(agent=OTHER_BOT_AGENT, account=None, device=None)
    return bot.pages(every(30 * MINUTE_MS, 96), distinct=1)


def monitor_of_many_pages() -> Iterator[Event]:
    """Sixty pages, one every half minute, and round again, for hours."""
    for number, time_ms in enumerate(every(30 * SECOND_MS, 12 * 60)):
        yield VISITOR.request(time_ms, f"/health/{number % 60 * 7919 % 1000}/x")


def show_that_steps_on() -> Iterator[Event]:
    """Fifty slides, every five seconds another one."""
    return LAPTOP.shuffled(every(5 * SECOND_MS, 50))


def leafing_through_a_catalogue() -> Iterator[Event]:
    """Somebody looks at one thing after the other, each with its pictures, for an hour and a half."""
    for number, time_ms in enumerate(unevenly(12 * SECOND_MS, 450)):
        yield LAPTOP.request(time_ms, f"/material/{number}")
        yield from LAPTOP.assets([time_ms + 200, time_ms + 300, time_ms + 400])


def tickets_in_order() -> Iterator[Event]:
    """An agent who opens four hundred tickets of a day one after the other, a minute and a quarter each."""
    for number, time_ms in enumerate(unevenly(75 * SECOND_MS, 400, NOON_MS - 3 * HOUR_MS)):
        yield LAPTOP.request(time_ms, f"/tickets/{8_000 + number}")


def tabs_restored() -> Iterator[Event]:
    """A hundred pages within five seconds, as a browser starts."""
    return LAPTOP.shuffled(every(50, 100))


def reports_of_ones_own() -> Iterator[Event]:
    """Eighty reports downloaded one after the other, as fast as somebody clicks."""
    for number, time_ms in enumerate(unevenly(4 * SECOND_MS, 80)):
        yield LAPTOP.request(time_ms, f"/reports/{500 + number}/download")


def helped_by_a_macro() -> Iterator[Event]:
    """A page every six seconds for eight minutes, evenly, and again an hour later."""
    for part in range(4):
        for number, time_ms in enumerate(every(6 * SECOND_MS, 80, NOON_MS + part * HOUR_MS)):
            yield LAPTOP.request(time_ms, f"/material/{(80 * part + number) ** 2 * 7919 % 1_000_003}")


def pages_of_a_book() -> Iterator[Event]:
    """A chapter in an application that loads no pictures, page after page, and back now and then."""
    for number, time_ms in enumerate(unevenly(40 * SECOND_MS, 200)):
        yield PHONE.request(time_ms, f"/book/7/page/{number - number // 12}")


def office_of_visitors() -> Iterator[Event]:
    """An office's address without accounts: sixty people with six browsers, none of whom loads pictures."""
    agents = [CHROME.replace("Chrome/136", f"{name}/136") for name in ("Chrome", "Edg", "OPR", "Vivaldi")]
    agents += [
        PHONE.agent,
        CHROME.replace("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7"),
    ]
    hands = [Hand(agent=agent, account=None, device=None) for agent in agents]
    for number, time_ms in enumerate(unevenly(5 * SECOND_MS, 8 * 720)):
        yield hands[number * 5 % 6].request(time_ms, f"/material/{number * number * 7919 % 907}/x")


# --- probing and floods ------------------------------------------------------------------------------------

SECRETS = ("/.env", "/.git/config", "/.aws/credentials", "/.ssh/id_rsa", "/.htpasswd", "/.svn/entries")


def secrets_looked_for(step: int) -> Iterator[Event]:
    probes = ProbingPaths().probes + step
    for time_ms, number in zip(every(20 * MINUTE_MS, probes), range(probes), strict=True):
        yield VISITOR.request(time_ms, SECRETS[number % 6] + "/x" * (number // 6), 404)


def search_engine_that_follows_planted_links() -> Iterator[Event]:
    """Somebody else's page links to what is secret here, and the engine looks at what is linked."""
    for number, time_ms in enumerate(every(MINUTE_MS, 30)):
        yield GOOGLE.request(time_ms, SECRETS[number % 6] + "/x" * (number // 6), 404)


def portals_looked_for(step: int) -> Iterator[Event]:
    """Two kinds of software, of which a site has one at most; a step below, the same one twice."""
    yield VISITOR.request(NOON_MS, "/wp-login.php", 404)
    yield VISITOR.request(NOON_MS + SECOND_MS, "/wp-admin/" if step < 0 else "/administrator/", 404)
    for number in range(step):
        yield VISITOR.request(NOON_MS + 2 * SECOND_MS + number, SECRETS[number % 6], 404)


def guesses_of_paths(step: int) -> Iterator[Event]:
    """A good bit more, or less, words than the threshold: what is missing is counted by a sketch."""
    count = round(ProbingMisses().paths * (1.3 + 0.4 * step))
    for number, time_ms in enumerate(unevenly(10 * SECOND_MS, count)):
        yield VISITOR.request(time_ms, f"/{spelled(number)}", 404)


def mostly_guesses(step: int) -> Iterator[Event]:
    """Words asked for in vain, between so many pages that are there."""
    rule = ProbingMisses()
    for number, time_ms in enumerate(unevenly(30 * SECOND_MS, 2 * rule.paths)):
        yield VISITOR.request(time_ms, f"/{spelled(number)}", 404)
        for page in range(1 if step >= 0 else 4):
            yield VISITOR.request(time_ms + 100 * page + 100, f"/material/{number * 7919 % 1000}/{page}")


def spelled(number: int) -> str:
    """Return a word for a number, so that paths differ by more than digits."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number * 7919:06}")


def hammering(step: int) -> Iterator[Event]:
    """Five times a second, of which one seems a timer's, until the bucket is a tenth too full, or not yet."""
    level = FloodRate().level * (1.1 + 0.2 * step)
    return LAPTOP.pages(every(SECOND_MS / 5, round(level * 5 / 3)), distinct=2)


def going_on_though_refused(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(unevenly(2 * MINUTE_MS, 2 * (FloodRefused().refused + step))):
        yield LAPTOP.request(time_ms, f"/search/{number % 8}", 429 if number % 2 else 200)


def mostly_refused(step: int) -> Iterator[Event]:
    rule = FloodRefused()
    every_nth = round(1 / rule.share) - 3 - 6 * min(step, 0)
    for number, time_ms in enumerate(unevenly(5 * SECOND_MS, (2 * rule.refused + step) * every_nth)):
        yield LAPTOP.request(time_ms, f"/search/{number % 8}", 429 if number % every_nth == 0 else 200)


def broken_links() -> Iterator[Event]:
    """A reader whose old bookmarks lead nowhere, and who tries an address or two."""
    for number, time_ms in enumerate(unevenly(MINUTE_MS, 60)):
        yield LAPTOP.request(time_ms, f"/article/{number}", 404 if number % 6 == 0 else 200)
    for number, path in enumerate(
        ("/admin", "/login", "/wp-login.php", "/test", "/favicon", "/old/index.html")
    ):
        yield LAPTOP.request(NOON_MS + HOUR_MS + number * MINUTE_MS, path, 404)


def apple_and_outlook() -> Iterator[Event]:
    """What innocent programs ask for by themselves, in vain."""
    asked = (
        "/apple-touch-icon-precomposed.png",
        "/.well-known/change-password",
        "/autodiscover/autodiscover.xml",
        "/wpad.dat",
        "/robots.txt",
        "/sitemap.xml",
        "/crossdomain.xml",
        "/.well-known/apple-app-site-association",
    )
    for number, path in enumerate(asked):
        yield LAPTOP.request(NOON_MS + number * SECOND_MS, path, 404)


def numbers_that_are_gone() -> Iterator[Event]:
    """A list of things of which most were deleted: one path but for its digits."""
    for number, time_ms in enumerate(unevenly(20 * SECOND_MS, 120)):
        yield LAPTOP.request(time_ms, f"/material/{number * 7919}/comments", 404)


def blog_that_is_really_there() -> Iterator[Event]:
    """Its own editor at work."""
    paths = ("/wp-login.php", "/wp-admin/", "/wp-admin/post.php", "/wp-content/uploads/7", "/wp-json/posts")
    for number, time_ms in enumerate(unevenly(MINUTE_MS, 60)):
        yield LAPTOP.request(time_ms, paths[number % 5])


def busy_dashboard() -> Iterator[Event]:
    """Twelve parts reloaded every 5 seconds for two hours."""
    for time_ms in every(5 * SECOND_MS, 2 * 720):
        yield from LAPTOP.pages(every(50, 12, time_ms), distinct=12)


def impatient_reloading() -> Iterator[Event]:
    """A page that does not come is reloaded twice a second for half a minute."""
    yield LAPTOP.login(NOON_MS - MINUTE_MS)
    yield from LAPTOP.pages(every(SECOND_MS / 2, 60), distinct=1)


def refused_now_and_then() -> Iterator[Event]:
    """A program that hits its limit and waits, once an hour."""
    for hour in every(HOUR_MS, 15):
        yield LAPTOP.request(hour, "/api/search", 429)
        yield LAPTOP.request(hour + 5 * MINUTE_MS, "/api/search")


# --- failed logins -----------------------------------------------------------------------------------------

STRANGER = Hand(SHANGHAI, "stranger")


def guesses_at_once(step: int) -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (STRANGER.failure(NOON_MS, number=number) for number in range(BruteForce().level + step))


def guesses_all_day(step: int) -> Iterator[Event]:
    """In four hours the bucket loses one and a bit."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (
        STRANGER.failure(time_ms) for time_ms in unevenly(8 * MINUTE_MS, BruteForce().slow + 2 + step)
    )


def guesses_from_everywhere(step: int) -> Iterator[Event]:
    """An hour and a half apart, by one strange network after the other: the bucket keeps every other one."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    guesses = 2 * BruteForce().spread - 1 + 2 * step
    for number, time_ms in enumerate(unevenly(90 * MINUTE_MS, guesses)):
        network = (SHANGHAI, GUANGZHOU, CHENGDU, WUHAN)[number % 4]
        yield STRANGER.behind(network).failure(time_ms)


def forgotten_password_at_home() -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (LAPTOP.failure(time_ms) for time_ms in every(10 * SECOND_MS, 60))
    yield LAPTOP.login(NOON_MS + HOUR_MS)


def failures_of_a_locked_account() -> Iterator[Event]:
    """An old program goes on trying to log in to an account that the platform has locked."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (STRANGER.failure(time_ms, "locked") for time_ms in every(10 * SECOND_MS, 300))


def old_password_tried_for_days() -> Iterator[Event]:
    """A forgotten tablet in another province tries the password of last month every five minutes."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    for number, time_ms in enumerate(every(5 * MINUTE_MS, 3 * 288)):
        yield STRANGER.failure(time_ms + number % 7 * SECOND_MS)
    yield LAPTOP.login(NOON_MS + 80 * HOUR_MS)


def forgotten_password_on_a_new_phone() -> Iterator[Event]:
    """On the home's other address, by the same provider, then by the carrier's IPv6."""
    yield LAPTOP.behind(GUANGZHOU).login(NOON_MS - HOUR_MS)
    for number, network in enumerate([GUANGZHOU_OTHER_ADDRESS] * 12 + [PHONE_IPV6] * 12):
        yield Hand(network, "new phone", PHONE_APP).failure(NOON_MS + number * 5 * SECOND_MS)


def guessed_at_once(step: int) -> Iterator[Event]:
    """A second later the bucket has lost a little."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    guesses = GuessedPassword().level + 1 + step
    yield from (STRANGER.failure(NOON_MS, number=number) for number in range(guesses))
    yield STRANGER.login(NOON_MS + SECOND_MS)


def guessed_in_hours(step: int) -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    times = unevenly(8 * MINUTE_MS, GuessedPassword().slow + 2 + step)
    yield from map(STRANGER.failure, times)
    yield STRANGER.login(times[-1] + HOUR_MS // 4)


def password_renewed_on_a_journey() -> Iterator[Event]:
    """Somebody with a new computer far from home tries nine passwords and has it renewed by mail."""
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (STRANGER.failure(NOON_MS + number * SECOND_MS) for number in range(9))
    yield STRANGER.new_password(NOON_MS + MINUTE_MS)
    yield STRANGER.login(NOON_MS + MINUTE_MS + SECOND_MS)


# --- sessions and reports ----------------------------------------------------------------------------------

EDGE = CHROME + " Edg/136.0.0.0"
AT_HOME = Hand(session="session")
THIEF = Hand(device=None, agent=EDGE, session="session")


def session_elsewhere(step: int) -> Iterator[Event]:
    """One session in another browser, on one network after the other."""
    yield AT_HOME.login(NOON_MS)
    for number in range(1 + step):
        network = (SHANGHAI, GUANGZHOU, CHENGDU, WUHAN)[number % 4]
        yield THIEF.behind(network).request(NOON_MS + (1 + number) * MINUTE_MS, "/api/exports")


def session_on_two_devices_at_once(step: int) -> Iterator[Event]:
    """The same browser, known to be another device's."""
    yield AT_HOME.login(NOON_MS)
    for number in range(1 + step):
        network = (SHANGHAI, GUANGZHOU, CHENGDU, WUHAN)[number % 4]
        thief = Hand(network, "thief's", session="session")
        yield thief.request(NOON_MS + (1 + number) * MINUTE_MS, "/api/exports")


def session_in_a_script(step: int) -> Iterator[Event]:
    """Hours later, when the holder has logged in anew: a computer's browser becomes no script."""
    yield AT_HOME.login(NOON_MS)
    yield replace(AT_HOME, session="next").login(NOON_MS + 10 * MINUTE_MS)
    script = Hand(SHANGHAI, None, "python-requests/2.32.3", session="session")
    if step >= 0:
        yield script.request(NOON_MS + 3 * HOUR_MS, "/api/exports")


def own_script_at_home() -> Iterator[Event]:
    """Somebody hands his browser's session to a script of his own, on another address of his line."""
    yield AT_HOME.behind(GUANGZHOU).login(NOON_MS)
    script = Hand(GUANGZHOU_OTHER_ADDRESS, None, "python-requests/2.32.3", session="session")
    yield from script.pages(unevenly(MINUTE_MS, 20, NOON_MS + HOUR_MS))


def one_browser_everywhere() -> Iterator[Event]:
    """Home, office, a train, a VPN; the browser moves on a version on the way."""
    newer = replace(AT_HOME, agent=CHROME.replace("136", "137"))
    for number, network in enumerate([BEIJING, BEIJING_UNICOM, PHONE_QINGDAO, VPN, SHANGHAI, BEIJING]):
        hand = newer if number > 2 else AT_HOME
        yield hand.behind(network).request(NOON_MS + number * 20 * MINUTE_MS, f"/{number}")


def application_with_a_browser_inside() -> Iterator[Event]:
    """They share a session and no device id, by turns, while the phone moves from network to network."""
    inside = PHONE_APP.replace("Chrome/131.0.0.0", "Version/4.0 Chrome/116.0.0.0") + " XWEB/1160"
    for number, network in enumerate([BEIJING, PHONE_QINGDAO, PHONE_SHANGHAI, SHANGHAI]):
        agent = (PHONE_APP, inside)[number % 2]
        yield Hand(network, None, agent, session="session").request(
            NOON_MS + number * MINUTE_MS, f"/{number}"
        )


def session_carried_home() -> Iterator[Event]:
    """Who goes on at home, on another computer, in the session of the office."""
    yield AT_HOME.behind(BEIJING_UNICOM).login(NOON_MS)
    home = Hand(BEIJING, "home", EDGE, session="session")
    yield from home.pages(unevenly(MINUTE_MS, 20, NOON_MS + 2 * HOUR_MS))


def holder_reports(step: int) -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield from (LAPTOP.report(time_ms) for time_ms in every(MINUTE_MS, 1 + step))


def holder_renews_the_password() -> Iterator[Event]:
    yield LAPTOP.login(NOON_MS - HOUR_MS)
    yield LAPTOP.new_password(NOON_MS)


# --- who must see what -------------------------------------------------------------------------------------

CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    "overlapping_use": (two_cities_at_once,),
    "overlapping_lines": (
        two_homes_of_one_provider_at_once,
        two_lines_at_once,
        hands.two_homes_of_one_provider,
    ),
    "city_alternation": (between_two_cities, through_many_cities),
    "impossible_travel": (faster_than_an_airliner, faster_than_an_airliner_by_two_ways),
    "datacenter_use": (cloud_for_long, cloud_in_many_hours, cloud_on_many_days),
    "crawl_rate": (
        many_pages,
        pages_with_few_assets,
        many_pages_at_once,
        returning_for_ever_more,
        *crawl_streams.RATE,
    ),
    "crawl_regularity": (
        as_by_a_timer,
        with_some_jitter,
        long_enough_for_its_jitter,
        mostly_other_pages,
        slowly_as_by_a_timer,
        *crawl_streams.REGULARITY,
    ),
    "crawl_restless": (
        hours_without_rest,
        requests_without_rest,
        restless_over_other_pages,
        reading_without_a_break,
        a_run_of_enough_pages,
    ),
    "declared_bot": (bot_by_its_own_word, bot_over_some_pages),
    "brute_force": (guesses_at_once, guesses_all_day, guesses_from_everywhere),
    "guessed_password": (guessed_at_once, guessed_in_hours),
    "session_moved": (session_elsewhere, session_on_two_devices_at_once, session_in_a_script),
    "misuse_reported": (holder_reports,),
    "city_rounds": (
        three_cities_in_a_day,
        three_cities_in_a_hurry,
        four_cities_of_one_provider,
        four_cities_in_a_week,
        four_cities_known_before,
        days_of_rounds,
        all_over_the_country,
    ),
    "forged_source": claim_streams.FORGED,
    "crawl_in_order": (
        in_order,
        in_order_by_night,
        quickly_in_order,
        in_order_for_the_most_part,
        in_order_with_few_assets,
        *crawl_streams.IN_ORDER,
    ),
    "probing_paths": (secrets_looked_for, portals_looked_for),
    "probing_misses": (guesses_of_paths, mostly_guesses),
    "flood_rate": (hammering,),
    "flood_refused": (going_on_though_refused, mostly_refused),
    "several_people": (hands.two_people_in_two_cities, hands.two_people_in_one_city),
    "taking_turns": (
        hands.turns_of_two_cities,
        hands.turns_within_a_day,
        hands.evenings_of_two_cities,
    ),
    "many_hands": (hands.hands_in_many_places, hands.places_of_a_day),
    "rented_by_shifts": (hands.shifts_of_two_cities,),
    "handed_over": (
        hands.sold_to_another_city,
        hands.sold_within_the_city,
        hands.sold_with_a_new_password,
        hands.sold_to_a_home_and_an_office,
    ),
    "passed_on": (hands.from_hand_to_hand, hands.a_day_each),
    "foreign_client": client_streams.FOREIGN,
    "seat_at_once": seat_streams.CROSSINGS,
    "password_taken": (
        takeovers.stranger_with_odds_against_him,
        takeovers.stranger_while_the_holder_works_far_away,
    ),
    "holder_shut_out": (
        takeovers.holder_sets_another_password,
        takeovers.holder_throws_out_a_near_stranger,
        takeovers.holder_reports_a_stranger,
    ),
    "taken_in_bulk": (takeovers.stranger_takes_files, takeovers.hidden_stranger_takes_a_few_files),
}


@dataclass(frozen=True)
class LookAlike:
    """An innocent whom a rule must not take for what it looks for.

    `noted`: a note is right, a step is not. `allow`: the entries of the account.
    """

    rule: str
    build: Callable[[], Iterator[Event]]
    noted: bool = False
    allow: Sequence[dict[str, Any]] = ()


LOOK_ALIKES = (
    LookAlike("overlapping_use", phone_beside_laptop),
    LookAlike("overlapping_use", vpn_on_the_other_computer),
    LookAlike("overlapping_use", tab_left_open_in_another_city),
    LookAlike("overlapping_use", dashboard_left_open_in_another_city),
    LookAlike("overlapping_use", page_in_another_city_that_reloads_itself),
    LookAlike("overlapping_use", computer_in_another_city_that_wakes_up),
    LookAlike("overlapping_lines", office_with_two_lines),
    LookAlike("overlapping_lines", tab_left_open_at_the_office),
    LookAlike("overlapping_lines", phone_on_wifi_of_another_provider),
    LookAlike("overlapping_lines", from_home_to_the_office),
    LookAlike("city_alternation", commuter_between_neighbouring_cities),
    LookAlike("city_alternation", two_flights_a_day),
    LookAlike("city_alternation", office_with_two_exits),
    LookAlike("impossible_travel", office_with_two_exits),
    LookAlike("city_rounds", office_with_two_exits),
    LookAlike("city_rounds", home_office_and_customer),
    LookAlike("city_rounds", line_that_is_dialled_anew_all_day),
    LookAlike("city_alternation", computer_in_another_city_that_wakes_up),
    LookAlike("city_alternation", line_whose_addresses_lie),
    LookAlike("city_rounds", commuter_between_neighbouring_cities),
    LookAlike("city_rounds", two_flights_a_day),
    LookAlike("city_alternation", home_between_two_prefixes),
    LookAlike("impossible_travel", home_between_two_prefixes),
    LookAlike("city_rounds", home_between_two_prefixes),
    LookAlike("city_rounds", salesman),
    LookAlike("city_rounds", works_at_three_sites),
    LookAlike("city_rounds", long_way_there_and_back),
    LookAlike("city_rounds", home_that_seems_elsewhere),
    LookAlike("city_rounds", line_whose_addresses_lie),
    LookAlike("city_rounds", line_that_errs_one_time_in_three),
    LookAlike("city_rounds", phone_between_gateways),
    LookAlike("impossible_travel", home_that_seems_elsewhere),
    LookAlike("impossible_travel", computer_in_another_city_that_wakes_up),
    LookAlike("impossible_travel", dashboard_left_open_in_another_city),
    LookAlike("impossible_travel", two_flights_a_day),
    LookAlike("impossible_travel", vpn_switched_on_and_off),
    LookAlike("impossible_travel", phone_between_gateways),
    LookAlike("datacenter_use", page_open_on_a_cloud_desktop),
    LookAlike("datacenter_use", stray_request_from_a_cloud, noted=True),
    LookAlike("datacenter_use", strays_through_a_cloud, noted=True),
    LookAlike("datacenter_use", visits_through_a_cloud, noted=True),
    LookAlike("datacenter_use", afternoon_partly_through_a_cloud, noted=True),
    LookAlike("datacenter_use", thief_in_a_cloud, noted=True),
    LookAlike("datacenter_use", cloud_desktop_allowed, allow=CLOUD_ALLOWED),
    LookAlike("crawl_rate", power_user),
    LookAlike("crawl_rate", googlebot, noted=True),
    LookAlike("crawl_rate", allowed_export, allow=EXPORT_ALLOWED),
    LookAlike("crawl_regularity", allowed_export, allow=EXPORT_ALLOWED),
    LookAlike("crawl_regularity", polling_dashboard),
    LookAlike("crawl_regularity", monitor_of_many_pages),
    LookAlike("crawl_regularity", show_that_steps_on),
    LookAlike("crawl_regularity", googlebot, noted=True),
    LookAlike("crawl_restless", polling_dashboard),
    LookAlike("crawl_restless", googlebot, noted=True),
    LookAlike("crawl_regularity", leafing_through_a_catalogue),
    LookAlike("crawl_restless", office_of_visitors),
    LookAlike("crawl_rate", office_of_visitors),
    LookAlike("crawl_in_order", leafing_through_a_catalogue),
    LookAlike("crawl_in_order", pages_of_a_book),
    LookAlike("crawl_in_order", tickets_in_order),
    LookAlike("crawl_in_order", reports_of_ones_own),
    LookAlike("crawl_rate", tabs_restored),
    LookAlike("crawl_rate", reports_of_ones_own),
    LookAlike("crawl_regularity", helped_by_a_macro),
    LookAlike("crawl_in_order", crawl_streams.scrolling_through_feeds),
    LookAlike("crawl_rate", crawl_streams.scrolling_through_feeds),
    LookAlike("crawl_regularity", crawl_streams.polling_with_a_cursor),
    LookAlike("crawl_rate", crawl_streams.office_behind_one_greeting),
    LookAlike("crawl_rate", crawl_streams.many_browsers_of_visitors),
    LookAlike("crawl_in_order", allowed_export, allow=EXPORT_ALLOWED),
    LookAlike("probing_paths", broken_links),
    LookAlike("probing_paths", apple_and_outlook),
    LookAlike("probing_paths", search_engine_that_follows_planted_links, noted=True),
    LookAlike("probing_paths", blog_that_is_really_there),
    LookAlike("probing_misses", broken_links),
    LookAlike("probing_misses", numbers_that_are_gone),
    LookAlike("flood_rate", busy_dashboard),
    LookAlike("flood_rate", impatient_reloading),
    LookAlike("flood_rate", office_of_visitors),
    LookAlike("flood_refused", refused_now_and_then),
    LookAlike("declared_bot", googlebot, noted=True),
    LookAlike("declared_bot", feed_reader, noted=True),
    LookAlike("declared_bot", reader),
    LookAlike("brute_force", forgotten_password_at_home),
    LookAlike("brute_force", failures_of_a_locked_account),
    LookAlike("brute_force", old_password_tried_for_days),
    LookAlike("brute_force", forgotten_password_on_a_new_phone),
    LookAlike("guessed_password", password_renewed_on_a_journey),
    LookAlike("session_moved", one_browser_everywhere),
    LookAlike("session_moved", application_with_a_browser_inside),
    LookAlike("session_moved", session_carried_home),
    LookAlike("session_moved", own_script_at_home),
    LookAlike("password_taken", takeovers.new_laptop_on_a_journey, noted=True),
    LookAlike("password_taken", takeovers.password_forgotten_on_a_journey),
    LookAlike("password_taken", takeovers.password_renewed_by_a_manager_on_a_journey),
    LookAlike("holder_shut_out", takeovers.new_laptop_on_a_journey),
    LookAlike("holder_shut_out", takeovers.password_changed_at_home),
    LookAlike("taken_in_bulk", takeovers.new_computer_gets_everything),
    LookAlike("taken_in_bulk", takeovers.exports_as_on_every_day),
    LookAlike("misuse_reported", holder_renews_the_password),
    *(LookAlike("forged_source", honest) for honest in claim_streams.HONEST),
    LookAlike("several_people", phone_beside_laptop),
    LookAlike("several_people", tab_left_open_at_the_office),
    LookAlike("several_people", vpn_on_the_other_computer),
    LookAlike("taking_turns", hands.home_and_office),
    LookAlike("taking_turns", hands.home_in_another_province_by_mistake),
    LookAlike("taking_turns", hands.home_office_by_turns),
    LookAlike("taking_turns", hands.weekends_elsewhere),
    LookAlike("many_hands", hands.cookies_cleared_every_day),
    LookAlike("many_hands", hands.ids_missing_at_times),
    LookAlike("rented_by_shifts", hands.night_shift),
    LookAlike("rented_by_shifts", hands.home_in_another_province_by_mistake),
    LookAlike("overlapping_lines", hands.office_desktop_from_home),
    LookAlike("several_people", hands.office_desktop_from_home),
    LookAlike("several_people", office_with_two_lines),
    LookAlike("handed_over", hands.house_move),
    LookAlike("handed_over", hands.two_weeks_at_the_parents),
    LookAlike("handed_over", hands.house_move_with_a_new_computer),
    LookAlike("handed_over", hands.two_weeks_on_other_computers),
    LookAlike("handed_over", hands.business_trip_with_everything_new),
    LookAlike("handed_over", hands.new_phone_and_computer),
    LookAlike("handed_over", hands.weekend_on_a_friends_computer),
    LookAlike("passed_on", hands.tour_with_a_laptop),
    *(LookAlike("seat_at_once", own) for own in seat_streams.INNOCENT),
    *(LookAlike("foreign_client", own) for own in client_streams.OWN),
    LookAlike("foreign_client", client_streams.a_licensed_plug_in, allow=client_streams.LICENSED),
)
