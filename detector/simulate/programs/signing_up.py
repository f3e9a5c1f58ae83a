"""What happens when somebody signs up: tries that are refused, an account, a first look around."""

from dataclasses import dataclass, replace
from random import Random

from detector.simulate.world import site
from detector.simulate.world.registrations import Form
from detector.simulate.world.sessions import Browse
from detector.simulate.world.visits import Recorder, Visit


@dataclass(frozen=True, slots=True)
class SignUp:
    """A form is sent in and an account created, followed by a login and `pages` requests of a program.

    Sign-ups that a program does take a second or two, and none of a page's assets.
    """

    form: Form
    pages: int = 0
    page_ms: float = 900.0

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = visit.start_ms
        record.add("registration", time_ms, registration=self.form.answered("created"))
        time_ms += rng.randrange(250, 1_800)
        record.add("login_success", time_ms)
        for _ in range(self.pages):
            time_ms += 80 + int(self.page_ms * rng.lognormvariate(0.0, 0.5))
            path = f"/api/v2{site.page(rng, rng.randrange(site.THINGS), 'web')}"
            record.add("request", time_ms, method="GET", path=path, status=200, bytes=site.size(rng))


@dataclass(frozen=True, slots=True)
class RefusedSignUp:
    """A form that the platform refuses: a name that is taken, a captcha not solved, a number seen before."""

    form: Form
    tries: int = 1

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = visit.start_ms
        for _ in range(self.tries):
            record.add("registration", time_ms, registration=self.form.answered("refused"))
            time_ms += rng.randrange(900, 9_000)


@dataclass(frozen=True, slots=True)
class JoinByHand:
    """A person fills in the form, perhaps twice, and then looks around as people do."""

    form: Form
    mistakes: int = 0

    def unroll(self, visit: Visit, record: Recorder, rng: Random) -> None:
        """See `Script.unroll`."""
        time_ms = visit.start_ms
        for _ in range(self.mistakes):
            record.add("registration", time_ms, registration=self.form.answered("refused"))
            time_ms += 8_000 + int(rng.lognormvariate(9.6, 0.5))
        record.add("registration", time_ms, registration=self.form.answered("created"))
        entered_ms = min(time_ms + rng.randrange(2_000, 20_000), visit.end_ms - 1)
        record.add("login_success", entered_ms)
        Browse(login=False).unroll(replace(visit, start_ms=entered_ms), record, rng)
