import re
from collections import Counter
from random import Random

from detector.simulate.programs.forms_of_farms import Forms, counting, human, lettered
from detector.simulate.world import registrations


def test_people_have_all_kinds_of_names_and_mail() -> None:
    rng = Random(1)
    forms = [registrations.personal(rng) for _ in range(400)]
    assert 380 < len({form.username for form in forms})
    mail = Counter(form.email_domain for form in forms)
    assert "qq.com" == mail.most_common(1)[0][0]
    assert mail.total() > 1.5 * mail["qq.com"]


def test_an_answer_says_what_became_of_the_form() -> None:
    form = registrations.personal(Random(1), "example.cn", "AB12")
    answer = form.answered("refused")
    assert ("example.cn", "AB12", "refused") == (
        answer["email_domain"],
        answer["invite_code"],
        answer["outcome"],
    )
    assert "invite_code" not in registrations.personal(Random(1)).answered("created")


def test_a_farm_that_counts_names_its_word() -> None:
    forms = Forms(Random(1), names=counting(Random(2)), own_domain=True, one_prefix=True)
    made = [forms.form(Random(n), n) for n in range(9)]
    groups = {group.id for group in forms.groups}
    word = re.sub(r"\d+$", "", made[0].username)
    assert {
        f"email_domain:{made[0].email_domain}",
        f"phone_prefix:{made[0].phone_prefix}",
        f"username:{word}",
    } == groups
    assert list(range(9)) == [int(m.username[-5:]) - int(made[0].username[-5:]) for m in made]


def test_lettered_names_have_one_shape_and_leaked_ones_none() -> None:
    shaped, leaked = (
        Forms(Random(1), names=n(Random(2)), own_domain=False, one_prefix=False) for n in (lettered, human)
    )
    shapes = {re.sub(r"\d", "9", re.sub("[a-z]", "a", shaped.form(Random(n), n).username)) for n in range(30)}
    assert 1 == len(shapes)
    assert 15 < len({len(leaked.form(Random(n), n).username) * 100 + n % 2 for n in range(60)})
    assert () == shaped.groups == leaked.groups
