"""What user names tell."""

import pytest

from detector.stages.regroup.user_names import NAMELESS, UserName, is_noise, user_name


def test_a_name_is_its_stem_its_shape_and_its_last_number() -> None:
    assert UserName(stem="moon#light#", shape="9+7", noise=None, number=2864, digits=5) == user_name(
        "Moon12light02864"
    )


@pytest.mark.parametrize("name", [None, "", "20252801", "13800001111", "ab12"])
def test_numbers_are_given_to_people_and_tell_nothing(name: str | None) -> None:
    assert NAMELESS == user_name(name)


def test_a_mail_address_is_known_by_what_stands_before_the_at() -> None:
    assert user_name("lily7") == user_name("lily7@example.com")


@pytest.mark.parametrize("name", ["lpsjop", "qnfnre5405", "wfchzg", "kkqzbt99", "x.vvbxbs"])
def test_letters_drawn_at_random_are_noise(name: str) -> None:
    assert is_noise(name)


@pytest.mark.parametrize(
    "name", ["xuqiangmei1991", "strength", "zjh", "wxyl88", "lfangxin74", "张伟张伟", "rainyday", "subscribe"]
)
def test_words_syllables_and_initials_are_none(name: str) -> None:
    assert not is_noise(name)
