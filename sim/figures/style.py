"""How every figure looks, and how a figure becomes SVG or PNG.

Invariant: no figure touches matplotlib's global state: settings live in `styled()` only, and text
that came from a user is drawn as it stands (never parsed as mathematics, always escaped in SVG).
"""

import io
import math
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Figure
    from matplotlib.text import Text

INK: Final = "#22303c"
MUTED: Final = "#6b7884"
RULE: Final = "#d9dfe4"
PAPER: Final = "#ffffff"
FAINT: Final = "#b8c0c7"
WIDTH_INCHES: Final = 8.6
PIXELS_PER_POINT: Final = 1.5
LAYOUT_FONT: Final = "font-family: 'DejaVu Sans'"
OFFICE_FONTS: Final = f"{LAYOUT_FONT}, Verdana, Arial, sans-serif"
"""Verdana is as wide as the font that the layout is made for."""

FIRST_WIDE: Final = 0x0E00
WIDE_FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans", "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "PingFang SC", "Hiragino Sans", "Hiragino Sans GB", "Apple SD Gothic Neo",
    "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic", "Malgun Gothic", "Arial Unicode MS",
    "Noto Emoji", "Symbola", "Segoe UI Emoji", "Unifont",
)  # fmt: skip
"""Fonts with Chinese, Japanese, Korean letters or emoji on the usual systems. The page itself needs none."""

PALETTE: Final = (
    "#1f5a8c",
    "#d9771e",
    "#2a8f6f",
    "#8a56a5",
    "#b8403a",
    "#5f6b76",
    "#b39200",
    "#3fa0c4",
    "#8c5a33",
    "#c2608f",
)

SHAPES: Final = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h")
"""A marker beside each colour, for print and for readers who see few colours."""


class Mark(NamedTuple):
    """Why a structure is drawn hatched: a word, and whether its numbers are withheld."""

    word: str
    withheld: bool = True

    def beside(self, number: str) -> str:
        """The number with the word, or the word alone.

        >>> Mark("unstable").beside("8 h"), Mark("short", withheld=False).beside("8 h")
        ('unstable', '8 h (short)')
        """
        return self.word if self.withheld else f"{number} ({self.word})"


Marks = Mapping[str, Mark]
PLAIN: Final[Marks] = MappingProxyType({})
"""No structure is marked: all are drawn as they are."""

FAR: Final = 1.5
"""So many times the longest ranked value, and what is not ranked runs out of the frame."""


def reach(values: Mapping[Any, float], marked: Marks = PLAIN) -> float:
    """The longest value that has to fit: what is not ranked, `marked`, may run out of the frame.

    >>> unsure = Mark("too short", withheld=False)
    >>> reach({"a": 8.0, "b": 10.0}, {"b": unsure}), reach({"a": 8.0, "b": 90.0}, {"b": unsure})
    (10.0, 8.0)
    """
    told = {name: value for name, value in values.items() if name not in marked or not marked[name].withheld}
    ranked = [value for name, value in told.items() if name not in marked]
    frame = FAR * max(ranked) if ranked else math.inf
    return max((value for value in (told or values).values() if value <= frame), default=0.0) or 1.0


SETTINGS: Final[dict[Any, Any]] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.parse_math": False,
    "text.usetex": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9,
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9.5,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "legend.handlelength": 1.1,
    "legend.handleheight": 0.9,
    "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
}


@contextmanager
def styled() -> Iterator[None]:
    """The project's settings, for as long as the block runs."""
    import matplotlib

    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        # Names in any script are fine: the browser has the letters that the layout font lacks.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from")
        yield


def sheet(
    height: float,
    rows: int = 1,
    columns: int = 1,
    width: float = WIDTH_INCHES,
    height_ratios: Sequence[float] | None = None,
    share_x: bool = False,
    share_y: bool = False,
) -> tuple["Figure", list["Axes"]]:
    """An empty figure of `width` x `height` inches and its axes, row by row."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(
        rows, columns, squeeze=False, sharex=share_x, sharey=share_y, height_ratios=height_ratios
    )
    return figure, list(grid.flat)


def colours(names: Sequence[str]) -> dict[str, str]:
    """One colour a name, by position: pass the same order to every figure of a report."""
    return {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(names)}


def shapes(names: Sequence[str]) -> dict[str, str]:
    """One marker a name, by position, as `colours` gives colours."""
    return {name: SHAPES[place % len(SHAPES)] for place, name in enumerate(names)}


def shorten(text: object, longest: int = 26) -> str:
    """A label that fits beside an axis: control characters out, the middle of long names cut.

    >>> shorten("analysis"), shorten("a" * 20 + "-" + "b" * 20, 11)
    ('analysis', 'aaaaa…bbbbb')
    """
    plain = "".join(letter if letter.isprintable() else " " for letter in str(text)).strip() or "(no name)"
    if len(plain) <= longest:
        return plain
    half = (longest - 1) // 2
    return f"{plain[:half]}…{plain[-half:]}"


def swatches(entries: Sequence[tuple[str, str]]) -> tuple[list["Artist"], list[str]]:
    """Legend handles and labels for (label, colour) pairs; colour "" means empty, hatched."""
    from matplotlib.patches import Patch

    handles: list[Artist] = [
        Patch(facecolor=colour) if colour else Patch(facecolor=PAPER, edgecolor=FAINT, hatch="////")
        for _, colour in entries
    ]
    return handles, [shorten(label, 40) for label, _ in entries]


def beside(axes: "Axes", x: float, y: float, label: str, clear: bool = False, **style: Any) -> None:
    """A label just right of a point; `clear` puts it on paper, where it would stand on a bar."""
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if clear else None
    axes.annotate(
        label, (x, y), (5, 0), textcoords="offset points", va="center", bbox=box, **({"fontsize": 9} | style)
    )


def across(axes: "Axes") -> None:
    """Only vertical grid lines and no left edge: bars and dots that read across."""
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)


def reword(figure: "Figure", change: Callable[[str], str]) -> None:
    """Change every text of a figure, ticks too; `change`: from the text drawn now to the new one."""
    with styled():
        figure.draw_without_rendering()  # only now the ticks have their labels
        axes = [each for part in figure.axes for each in (part.xaxis, part.yaxis)]
        ticks = [_ticks(axis) for axis in axes]
        for axis, found in zip(axes, ticks, strict=True):
            if any(change(text) != text for text in found.values()):
                axis.set_ticks(list(found), [change(text) for text in found.values()])
            axis.label.set_text(change(axis.label.get_text()))
    for text in _texts(figure):
        text.set_text(change(text.get_text()))


def _ticks(axis: Any) -> dict[float, str]:
    """Place and label of the ticks in sight."""
    low, high = sorted(axis.get_view_interval())
    drawn = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)  # shared axes have no labels
    return {place: label.get_text() for place, label in drawn if low <= place <= high}


def _texts(figure: "Figure") -> "Iterator[Text]":
    """Texts that are not those of an axis."""
    legends = list(figure.legends)
    yield from figure.texts
    for axes in figure.axes:
        yield from (*axes.texts, axes.title, axes._left_title, axes._right_title)  # type: ignore[attr-defined]
        legends += [own] if (own := axes.get_legend()) else []
    for legend in legends:
        yield from legend.get_texts()


def png(figure: "Figure", path: str | None = None, dots_per_inch: int = 150) -> bytes:
    """The figure as PNG bytes, also written to `path` when given."""
    from matplotlib.text import Text

    picture = io.BytesIO()
    with styled():
        for text in figure.findobj(Text):
            if any(ord(letter) >= FIRST_WIDE for letter in text.get_text()):
                text.set(fontfamily=["DejaVu Sans", *_wide_fonts()], fontweight="normal")
        figure.savefig(picture, format="png", dpi=dots_per_inch)
    if path is not None:
        with open(path, "wb") as file:
            file.write(picture.getvalue())
    return picture.getvalue()


@cache
def _wide_fonts() -> tuple[str, ...]:
    """Those fonts of this machine that have what the layout font lacks; without any, boxes are drawn."""
    import logging

    from matplotlib.font_manager import get_font_names

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # of weights that such fonts lack
    installed = set(get_font_names())
    return tuple(name for name in WIDE_FONTS if name in installed)


def svg(figure: "Figure", name: str, description: str) -> str:
    """The figure as one `<svg>` element to stand inside a page.

    `name` (letters, digits, dashes) prefixes every id, so that several figures can share a page;
    `description` is what a screen reader says. The same figure gives the same text every time.
    """
    import matplotlib

    drawing = io.StringIO()
    with styled(), matplotlib.rc_context({"svg.hashsalt": name}):
        figure.savefig(drawing, format="svg", metadata={"Date": None, "Creator": None})
    figure.set_layout_engine("none")  # a PNG of it has everything in the same place
    return _inline(drawing.getvalue(), name, description)


def document(element: str, title: str, description: str) -> str:
    """The `<svg>` element of a page as a file of its own: sized in points, titled, in common fonts."""
    opening, rest = element.split(">", 1)
    opening = re.sub(
        r'(viewBox="0 0 ([0-9.]+) ([0-9.]+)") style="[^"]*"',
        r'\1 width="\2pt" height="\3pt"',
        opening,
        count=1,
    )
    rest = re.sub(r"<[^<>]*>", lambda tag: tag.group().replace(LAYOUT_FONT, OFFICE_FONTS), rest)
    told = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}>{told}{rest}\n'


def _inline(document: str, name: str, description: str) -> str:
    body = document[document.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, count=1, flags=re.DOTALL)
    opening, rest = body.split(">", 1)
    box = re.search(r'viewBox="0 0 ([0-9.]+) [^"]*"', opening)
    assert box is not None, "matplotlib always writes a viewBox"
    widest = round(PIXELS_PER_POINT * float(box.group(1)))
    rest = re.sub(r"<[^<>]*>", lambda tag: _own_ids(tag.group(), name), rest)
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {box.group()} '
        f'style="max-width: {widest}px" role="img" aria-label="{escape(description, quote=True)}">'
    )
    return start + rest.strip()


def _own_ids(tag: str, name: str) -> str:
    """The tag with its ids and references prefixed; text between tags is never looked at."""
    tag = re.sub(r'(?<=\s)id="([^"]*)"', rf'id="{name}-\1"', tag)
    tag = re.sub(r'href="#([^"]*)"', rf'href="#{name}-\1"', tag)
    return re.sub(r"url\(#([^)]*)\)", rf"url(#{name}-\1)", tag)
