"""The picture of a case: its events by place, its alerts and the recommended steps, over time, as SVG."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from detector.alerts import Alert, Evidence
from detector.dispute.markup import node
from detector.dispute.words import Words, local_minute

WIDTH: Final = 960
_LEFT, _RIGHT, _TOP = 190, 40, 44
_LANE: Final = 26
_BOX: Final = 20
_MOST_PLACES: Final = 8
_HOUR_MS: Final = 3_600_000
_STEPS_MS: Final = tuple(
    hours * _HOUR_MS for hours in (1, 3, 6, 12, 24, 48, 96, 168, 336, 720, 1440, 4320, 8760)
)
_MOST_TICKS: Final = 8
_SHIFT_MS: Final = 8 * _HOUR_MS
"""How far local time is ahead of UTC."""
_COLOURS: Final = {
    "observe": "#9aa5b1",
    "warn": "#e0a800",
    "restrict": "#e8590c",
    "suspend": "#c92a2a",
    "remove_content": "#862e9c",
    "lock": "#5c1010",
    "release": "#2b8a3e",
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """Time, Unix ms, as a place from left to right."""

    start_ms: int
    end_ms: int

    @classmethod
    def over(cls, times: Iterable[int]) -> "_Scale":
        known = sorted(times)
        margin = max((known[-1] - known[0]) // 20, 10 * 60_000)
        return cls(known[0] - margin, known[-1] + margin)

    def at(self, time_ms: int) -> float:
        part = (min(time_ms, self.end_ms) - self.start_ms) / (self.end_ms - self.start_ms)
        return round(_LEFT + part * (WIDTH - _LEFT - _RIGHT), 1)

    def ticks(self) -> list[int]:
        """Return round moments of local time, few enough to be read."""
        span = self.end_ms - self.start_ms
        step = next((each for each in _STEPS_MS if span / each <= _MOST_TICKS), _STEPS_MS[-1])
        first = -(-(self.start_ms + _SHIFT_MS) // step) * step - _SHIFT_MS
        return list(range(first, self.end_ms, step))


def timeline(words: Words, alerts: Sequence[Alert], events: Iterable[Evidence]) -> Element:
    """Draw a case's alerts, in their order, with events, which may come several times."""
    once = sorted({(event.time, event.event_id): event for event in events}.items())
    shown = [event for _, event in once]
    scale = _Scale.over([*(event.time for event in shown), *(alert.decided_time for alert in alerts)])
    lanes = _places(words, shown)
    rows = _rows([scale.at(alert.decided_time) for alert in alerts])
    alerts_at = _TOP + _LANE * (max(lanes.values(), default=-1) + 1) + 12
    bars_at = alerts_at + (max(rows) + 1) * (_BOX + 3) + 8
    legend_at = bars_at + _LANE + 12
    return node(
        "svg",
        node("rect", width="100%", height="100%", fill="#ffffff"),
        _grid(scale, bars_at + _LANE),
        *_dots(scale, lanes, shown, words),
        _label(words.say("alerts"), alerts_at + 14),
        *_boxes(scale, alerts, rows, alerts_at),
        _label(words.say("recommended"), bars_at + 15),
        *_bars(scale, alerts, bars_at),
        *_legend(words, alerts, legend_at),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {legend_at + 20 * len(alerts) + 10}",
        width=str(WIDTH),
        font_family="Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif",
        font_size="12",
        role="img",
    )


def place_of(words: Words, event: Evidence) -> str:
    """Return the nearest place that is known of an event."""
    known = (each for each in (event.city, event.region, event.country) if isinstance(each, str) and each)
    return next(known, words.say("somewhere"))


def _places(words: Words, events: Sequence[Evidence]) -> dict[str, int]:
    """Return the lane of each place: those with most events have one of their own, the others share one."""
    often = Counter(place_of(words, event) for event in events)
    names = [name for name, _ in sorted(often.items(), key=lambda each: (-each[1], each[0]))]
    return {name: min(lane, _MOST_PLACES) for lane, name in enumerate(names)}


def _rows(places: Sequence[float]) -> list[int]:
    """Return for each box, from left to right, the row in which it covers no other."""
    ends: list[float] = []
    rows = []
    for place in places:
        row = next((row for row, end in enumerate(ends) if end <= place), len(ends))
        ends[row : row + 1] = [place + _BOX + 2]
        rows.append(row)
    return rows


def _grid(scale: _Scale, bottom: int) -> Element:
    lines = []
    for tick in scale.ticks():
        place = scale.at(tick)
        day, minute = local_minute(tick).split(" ")
        lines += [
            node("line", x1=place, x2=place, y1=_TOP - 6, y2=bottom, stroke="#dddddd"),
            node("text", day, x=place, y=_TOP - 24, text_anchor="middle", font_size="11", fill="#555555"),
            node("text", minute, x=place, y=_TOP - 11, text_anchor="middle", font_size="11", fill="#555555"),
        ]
    return node("g", *lines)


def _dots(
    scale: _Scale, lanes: dict[str, int], events: Sequence[Evidence], words: Words
) -> Iterable[Element]:
    for name, lane in lanes.items():
        if lane < _MOST_PLACES:
            yield _label(name, _TOP + _LANE * lane + 17)
    if len(lanes) > _MOST_PLACES:
        yield _label(words.say("elsewhere"), _TOP + _LANE * _MOST_PLACES + 17)
    for event in events:
        title = f"{local_minute(event.time)} {words.name('types', event.type)}"
        yield node(
            "circle",
            node("title", title),
            cx=scale.at(event.time),
            cy=_TOP + _LANE * lanes[place_of(words, event)] + 13,
            r=5,
            fill="#1c7ed6",
            fill_opacity=0.6,
        )


def _boxes(scale: _Scale, alerts: Sequence[Alert], rows: Sequence[int], top: int) -> Iterable[Element]:
    for alert, row in zip(alerts, rows, strict=True):
        place, y = scale.at(alert.decided_time), top + row * (_BOX + 3)
        yield _box(place - _BOX / 2, y, alert)


def _box(x: float, y: float, alert: Alert) -> Element:
    number = node(
        "text",
        str(alert.sequence),
        x=x + _BOX / 2,
        y=y + 14,
        text_anchor="middle",
        fill="#ffffff",
        font_size="11",
    )
    return node(
        "g",
        node("rect", x=x, y=y, width=_BOX, height=_BOX - 2, rx=3, fill=_COLOURS.get(alert.action, "#333333")),
        number,
    )


def _bars(scale: _Scale, alerts: Sequence[Alert], top: int) -> Iterable[Element]:
    """Draw each step that has an end up to it, or to the next alert where that comes first."""
    for place, alert in enumerate(alerts):
        if alert.action in {"observe", "release"}:
            continue
        following = alerts[place + 1].decided_time if place + 1 < len(alerts) else scale.end_ms
        expires = alert.expires if isinstance(alert.expires, int) else scale.end_ms
        end = min(expires, following, scale.end_ms)
        left = scale.at(alert.decided_time)
        yield node(
            "rect",
            x=left,
            y=top + 6,
            width=max(round(scale.at(end) - left, 1), 2),
            height=10,
            fill=_COLOURS.get(alert.action, "#333333"),
            fill_opacity=0.7,
        )


def _legend(words: Words, alerts: Sequence[Alert], top: int) -> Iterable[Element]:
    for line, alert in enumerate(alerts):
        y = top + 20 * line
        said = f"{local_minute(alert.decided_time)}  {words.name('actions', alert.action)}"
        yield _box(_LEFT - 30, y, alert)
        yield node("text", said, x=_LEFT, y=y + 14)


def _label(text: str, y: float) -> Element:
    short = text if len(text) <= 24 else f"{text[:23]}…"  # noqa: PLR2004 (what fits in front of the lanes)
    return node("text", short, x=_LEFT - 14, y=y, text_anchor="end", fill="#222222")
