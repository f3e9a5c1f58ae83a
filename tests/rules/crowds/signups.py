"""Sign-ups: farms, and the innocents whose sign-ups look like a farm's."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TypeVar

from detector.rules.crowds.signups_alike import SignupsAlike
from detector.rules.crowds.signups_by_timer import SignupsByTimer
from detector.rules.crowds.signups_one_device import SignupsOneDevice
from tests.rules.events import CHROME, HOUR_MS, MINUTE_MS, PHONE_APP, SECOND_MS, Event, Hand, every
from tests.rules.networks import (
    BEIJING,
    CHENGDU,
    GUANGZHOU,
    PHONE_QINGDAO,
    SHANGHAI,
    WUHAN,
    Network,
)

T = TypeVar("T")

SURNAMES = ("wang", "li", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun")
GIVEN = ("wei", "na", "min", "jing", "haoran", "xinyi", "bo", "yue", "kaixuan", "ting")
PHONES = (*map(str, range(130, 140)), *map(str, range(150, 160)), *map(str, range(175, 200)))
MAILS = ("qq.com", "163.com", "qq.com", "outlook.com", "126.com", "qq.com", "foxmail.com")
AGENTS = tuple(CHROME.replace("136", str(version)) for version in (128, 131, 133, 134, 135, 136, 137))
RANDOM_NAMES = (
    "lpsjop9373",
    "qnfnre5405",
    "pnkgau7224",
    "thjslm1533",
    "wfchzg6217",
    "dsyxdz6779",
    "vvbxbs6896",
    "kjuehf3284",
    "wzlirk2264",
    "akqddj4027",
)
FAR_APART = (BEIJING, SHANGHAI, GUANGZHOU, CHENGDU, WUHAN)


def newcomer(number: int, device: str | None, network: Network = BEIJING, agent: str = CHROME) -> Hand:
    return Hand(network, device, agent, f"new-{number}")


def drawn(number: int, among: Sequence[T]) -> T:
    """Return one of them as if by chance, the same one for the same number."""
    said = f"{number}/{among[0]}/{len(among)}"
    return among[int.from_bytes(blake2b(said.encode(), digest_size=4).digest()) % len(among)]


def person(number: int) -> dict[str, str]:
    """What somebody tells of themselves; people differ in every way, in no order."""
    name = drawn(number, SURNAMES) + drawn(number, GIVEN) + drawn(-number, GIVEN)
    digits = str(drawn(number, range(97))) if number % 3 else ""
    return {
        "username": name + digits,
        "phone_prefix": drawn(number, PHONES),
        "email_domain": drawn(number, MAILS),
    }


def unevenly(number: int, mean_ms: int) -> int:
    """When the next person comes: as uneven as people are, and not before the last one."""
    return number * mean_ms + drawn(number, range(90)) * mean_ms // 100


def people(count: int, mean_ms: int, network: Network = BEIJING, **told: str) -> Iterator[Event]:
    """Sign people up at one address, each with a device of their own."""
    for number in range(count):
        hand = newcomer(number, f"device-{number}", network, drawn(number, AGENTS))
        yield hand.registration(every(0, 1)[0] + unevenly(number, mean_ms), **{**person(number), **told})


# --- sign-ups alike ----------------------------------------------------------------------------------------


def names_of_one_stem_sign_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(HOUR_MS, SignupsAlike().alike + step)):
        yield newcomer(number, f"d-{number}").registration(time_ms, username=f"lucky{number}")


def random_names_of_one_telephone_block_sign_up(step: int) -> Iterator[Event]:
    names = RANDOM_NAMES * 4
    for number, time_ms in enumerate(every(MINUTE_MS, SignupsAlike().alike + step)):
        told = {"username": names[number][::-1][number // 10 :], "phone_prefix": "167"}
        yield newcomer(number, f"d-{number}").registration(time_ms, **told)


def running_numbers_sign_up_from_everywhere(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(5 * HOUR_MS, SignupsAlike().alike + step)):
        hand = newcomer(number, None, FAR_APART[number % 5], AGENTS[number % 7])
        yield hand.registration(time_ms, username=f"moonlight{2864 + number}")


def a_mail_domain_of_random_names_signs_up_from_everywhere(step: int) -> Iterator[Event]:
    names = RANDOM_NAMES * 4
    for number, time_ms in enumerate(every(3 * HOUR_MS, SignupsAlike().alike + step)):
        hand = newcomer(number, f"d-{number}", FAR_APART[number % 5], AGENTS[number % 7])
        told = {"username": f"{names[number][:6]}{1000 + 77 * number}", "email_domain": "drop.example"}
        yield hand.registration(time_ms, **told, phone_prefix=PHONES[number])


def a_dormitory_signs_up() -> Iterator[Event]:
    yield from people(40, 7 * MINUTE_MS)


def a_company_comes_on_board() -> Iterator[Event]:
    """One address, one mail domain, computers of one image, names by one pattern."""
    for number in range(30):
        hand = newcomer(number, f"pc-{number}")
        told = {**person(number), "email_domain": "company.example"}
        yield hand.registration(every(0, 1)[0] + unevenly(number, 3 * MINUTE_MS), **told)


def a_class_signs_up_with_its_numbers() -> Iterator[Event]:
    """A computer room of one image; who mistypes tries again."""
    for number, time_ms in enumerate(every(20 * SECOND_MS, 30)):
        told = {"username": f"202528{number:02}", "email_domain": "school.example"}
        hand = newcomer(number, f"room-{number}")
        phone = person(number)["phone_prefix"]
        for late_ms in range(1 + number % 4):
            yield hand.registration(time_ms + 5 * late_ms, "refused", **told, phone_prefix=phone)
        yield hand.registration(time_ms + 15 * SECOND_MS, **told, phone_prefix=phone)


def a_campaign_brings_people_in() -> Iterator[Event]:
    """One invitation, everywhere, all at once."""
    for number, event in enumerate(people(60, MINUTE_MS, invite_code="SPRING")):
        yield event | {"ip": FAR_APART[number % 5].ip}


def a_carriers_gateway_sees_many() -> Iterator[Event]:
    yield from people(60, 11 * MINUTE_MS, PHONE_QINGDAO)


def somebody_forgets_what_names_are_allowed() -> Iterator[Event]:
    for time_ms in every(20 * SECOND_MS, 12):
        yield newcomer(1, "own").registration(time_ms, "refused", username="lily1999", phone_prefix="139")


def namesakes_sign_up() -> Iterator[Event]:
    """A common name with years of birth, over a week, from everywhere, among others."""
    yield from people(80, 2 * HOUR_MS)
    for number, time_ms in enumerate(every(11 * HOUR_MS, 12)):
        hand = newcomer(100 + number, f"own-{number}", FAR_APART[number % 5], AGENTS[number % 7])
        told = {**person(100 + number), "username": f"wangwei{1985 + number * 5 % 17}"}
        yield hand.registration(time_ms, **told)


# --- sign-ups of one device --------------------------------------------------------------------------------


def one_device_moves_and_signs_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(HOUR_MS, SignupsOneDevice().accounts + step)):
        yield newcomer(number, "farm", FAR_APART[number % 3], PHONE_APP).registration(time_ms)


def one_device_signs_up_in_no_time(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(MINUTE_MS, SignupsOneDevice().accounts + step)):
        yield newcomer(number, "farm").registration(time_ms, "created" if number % 2 else "refused")


def one_device_signs_up_all_day(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(10 * MINUTE_MS, SignupsOneDevice().daily + step)):
        yield newcomer(number, "farm").registration(time_ms, **person(number))


def one_device_signs_up_all_week(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(8 * HOUR_MS, SignupsOneDevice().weekly + step)):
        yield newcomer(number, "farm").registration(time_ms, **person(number))


def a_family_shares_a_tablet() -> Iterator[Event]:
    for number, time_ms in enumerate(every(9 * MINUTE_MS, 5)):
        yield newcomer(number, "tablet").registration(time_ms, **person(number))


def an_internet_cafe_rents_a_computer() -> Iterator[Event]:
    for number, time_ms in enumerate(every(11 * HOUR_MS, 14)):
        yield newcomer(number, "pc-7").registration(time_ms, **person(number))


# --- sign-ups by a timer -----------------------------------------------------------------------------------


def a_timer_signs_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(4 * MINUTE_MS, 1 + SignupsByTimer().gaps + step)):
        late_ms = drawn(number, range(60)) * SECOND_MS
        yield newcomer(number, None).registration(time_ms + late_ms, **person(number))


def people_without_devices_sign_up() -> Iterator[Event]:
    for event in people(40, 4 * MINUTE_MS):
        del event["device_id"]
        late_ms = drawn(event["time"], range(9 * MINUTE_MS))
        yield event | {"user_agent": CHROME, "time": event["time"] + late_ms}


# --- sources -----------------------------------------------------------------------------------------------


def one_timer_telling_nothing_signs_up(step: int) -> Iterator[Event]:
    for number, time_ms in enumerate(every(4 * MINUTE_MS, 1 + SignupsByTimer().gaps + step)):
        yield newcomer(number, None).registration(time_ms)


def a_farm_hides_in_a_dormitory() -> Iterator[Event]:
    """The farm's accounts are found, the address belongs to the dormitory as well."""
    yield from people(40, 7 * MINUTE_MS)
    for number, time_ms in enumerate(every(40 * MINUTE_MS, 8)):
        hand = Hand(BEIJING, f"f-{number}", CHROME, f"farm-{number}")
        yield hand.registration(time_ms, username=f"lucky{number}", phone_prefix="167")


CROSSINGS: dict[str, tuple[Callable[[int], Iterator[Event]], ...]] = {
    "signups_alike": (
        names_of_one_stem_sign_up,
        random_names_of_one_telephone_block_sign_up,
        running_numbers_sign_up_from_everywhere,
        a_mail_domain_of_random_names_signs_up_from_everywhere,
    ),
    "signups_one_device": (
        one_device_moves_and_signs_up,
        one_device_signs_up_in_no_time,
        one_device_signs_up_all_day,
        one_device_signs_up_all_week,
    ),
    "signups_by_timer": (a_timer_signs_up,),
    "signups_source": (
        random_names_of_one_telephone_block_sign_up,
        one_device_moves_and_signs_up,
        one_timer_telling_nothing_signs_up,
    ),
}
INNOCENT: dict[str, tuple[Callable[[], Iterator[Event]], ...]] = {
    "signups_alike": (
        a_dormitory_signs_up,
        a_company_comes_on_board,
        a_class_signs_up_with_its_numbers,
        a_campaign_brings_people_in,
        a_carriers_gateway_sees_many,
        somebody_forgets_what_names_are_allowed,
        namesakes_sign_up,
    ),
    "signups_one_device": (a_family_shares_a_tablet, an_internet_cafe_rents_a_computer),
    "signups_by_timer": (a_dormitory_signs_up, people_without_devices_sign_up),
    "signups_source": (
        a_dormitory_signs_up,
        a_company_comes_on_board,
        a_class_signs_up_with_its_numbers,
        a_carriers_gateway_sees_many,
    ),
}
