"""One look for screen, projector and print: fonts, few colours, titles that say the finding."""

from __future__ import annotations

import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast

from kpisim.show.numbers import amount, is_number, money, month
from kpisim.text import Language, current_language, language
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Medium = Literal["screen", "projector", "print"]

# Okabe and Ito's colours, told apart by colour-blind readers; the orange darkened until it carries text.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#B34700", "#00755B", "#5F6670"
RED = "#B3261E"
PALE_BLUE, PALE_GREY, PALE_GREEN, INK = "#BBD9EC", "#D5D9DE", "#D3EBE3", "#1F2933"

_SCALE: dict[Medium, tuple[Literal["notebook", "talk", "paper"], float]] = {
    "screen": ("notebook", 0.86),
    "projector": ("talk", 0.8),
    "print": ("paper", 0.95),
}
WIDTH = 8.0
SCROLLS = 'tabindex="0" role="group" style="overflow-x:auto"'
"""Attributes of a box around a table that may be wider than the page: the keyboard gets there and moves it, too."""
NARROW = 6.1
"""Inches of a picture in a panel of a window of 1024 dots, so that its type is never made smaller there."""
SCREEN_TYPE = 10.3
"""Type size on the screen, in points."""
TITLE = 1.12
"""Size of a title against other type."""
LINES = 1.35
"""Line spacing of labels of two lines; Chinese needs more than matplotlib's 1.2."""
TITLE_UNITS = 94


@contextmanager
def theme(medium: Medium = "screen") -> Iterator[None]:
    """Draw in the house look inside a ``with`` block and leave matplotlib's settings as they were.

    Parameters
    ----------
    medium
        Where the figure will be seen; a projector gets larger type and thicker lines.
    """
    import matplotlib as mpl  # noqa: PLC0415
    import seaborn as sns  # noqa: PLC0415  (takes a second: only when a figure is drawn)

    from kpisim.text import fonts  # noqa: PLC0415

    context, scale = _SCALE[medium]
    fonts.use()
    settings: dict[str, Any] = {
        **sns.axes_style("ticks"),
        **sns.plotting_context(context, font_scale=scale),
        "font.family": [fonts.family(), "DejaVu Sans"],
        "axes.unicode_minus": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "text.parse_math": False,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "lines.linewidth": 2.0,
    }
    with mpl.rc_context(cast("Any", settings)):
        yield


def new_figure(height: float = 3.6, columns: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """Return a figure that no window and no ``pyplot`` state knows of, and its axes."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure as NewFigure  # noqa: PLC0415

    # Larger type gets some more room, though less than it asks for: it is to look larger.
    room = max(1.0, (float(mpl.rcParams["font.size"]) / SCREEN_TYPE) ** 0.5)
    figure = NewFigure(figsize=(WIDTH * room, height * room), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False, **options)
    return figure, list(axes[0])


def set_title(figure: Figure, text: str) -> None:
    """Put the finding above the figure, left-aligned and broken into lines that fit."""
    import matplotlib as mpl  # noqa: PLC0415

    size = float(mpl.rcParams["font.size"]) * TITLE
    units = TITLE_UNITS * (SCREEN_TYPE * TITLE / size) * (figure.get_figwidth() / WIDTH)
    from matplotlib.patheffects import Normal, Stroke  # noqa: PLC0415

    # The bundled font has one weight; a hair of the same colour around it makes the title stand out.
    drawn = figure.suptitle(
        "\n".join(broken(text, units)), x=0.0, ha="left", fontsize=size, color=INK, linespacing=1.3
    )
    drawn.set_path_effects([Stroke(linewidth=0.45, foreground=INK), Normal()])


def broken(text: str, units: float) -> list[str]:
    """Break `text` into lines of at most `units`, where a Chinese character takes two and a Latin one."""
    lines, line, width = [], "", 0.0
    for piece in _pieces(text):
        size = sum(2 if wide(char) else 1 for char in piece)
        if line and width + size > units and piece.strip(" ,\N{NO-BREAK SPACE}") not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line, width = "", 0.0
            piece = piece.lstrip()  # noqa: PLW2901
        line += piece
        width += size
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


_NEVER_FIRST = set("，。；：！？、）》」』”’%,.;:!?)↑↓→")


def wide(char: str) -> bool:
    """Whether `char` takes the width of a Chinese character."""
    return unicodedata.east_asian_width(char) in "WF"


def _pieces(text: str) -> Iterator[str]:
    """Yield what may not be broken: a Chinese character, or a run of others up to and with a space."""
    word = ""
    for char in text:
        if wide(char):
            if word:
                yield word
                word = ""
            yield char
        else:
            word += char
            if char == " ":
                yield word
                word = ""
    if word:
        yield word


def unit_axis(axis: Any, unit: str, currency: str = "CNY") -> None:
    """Write the ticks of an axis in the unit, as the tables do."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    lang = current_language()  # ticks are written when the figure is rendered, maybe in another language

    def label(value: float, _position: int | None) -> str:
        if not is_number(value):
            return ""
        with language(lang):
            if unit == "money":
                return money(value, currency, tick=True)
            # 2.5 % must not become 3 %, nor 2.0 % carry an empty decimal.
            return (
                percent(value, int(round(value * 1000) % 10 != 0))
                if unit == "share"
                else amount(value, unit, currency)
            )

    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(label))


def month_axis(axes: Axes) -> None:
    """Write months on the time axis in the reader's language, the year once under its first month."""
    from matplotlib.dates import AutoDateLocator, MonthLocator, num2date  # noqa: PLC0415
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    low, high = axes.get_xlim()
    months = (high - low) / 30.4
    step = next((s for s in (1, 2, 3, 6, 12) if months / s <= 12), 12)
    short = months < 2
    locator: Any = (
        AutoDateLocator(maxticks=6)  # type: ignore[no-untyped-call]
        if short
        else MonthLocator(bymonth=range(1, 13, step))  # type: ignore[no-untyped-call]
    )
    axes.xaxis.set_major_locator(locator)
    seen: set[int] = set()
    lang = current_language()

    def label(value: float, position: int | None) -> str:
        day = cast("date", num2date(value))  # type: ignore[no-untyped-call]
        if position == 0:
            seen.clear()
        with language(lang):
            text = f"{day.month}-{day.day:02d}" if short else month(day)
        if day.year not in seen:
            seen.add(day.year)
            return f"{text}\n{_year(day.year, lang)}"
        return text

    axes.xaxis.set_major_formatter(FuncFormatter(label))
    axes.set_xlabel("")


def month_ticks(axes: Axes, months: Sequence[date], most: int = 12) -> None:
    """Name the bars at 0, 1, 2 … after their months, the year under the first and under each January shown."""
    step = max(1, -(-len(months) // (most if len(months) <= most else most // 2)))
    ticks = list(range(0, len(months), step))
    labels, seen = [], set()
    for place in ticks:
        day = months[place]
        labels.append(
            month(day) if day.year in seen else f"{month(day)}\n{_year(day.year, current_language())}"
        )
        seen.add(day.year)
    axes.set_xticks(ticks, labels)
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.6, len(months) - 0.4)


def _year(year: int, lang: Language) -> str:
    return f"{year}年" if lang == "zh" else str(year)
