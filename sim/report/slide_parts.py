"""What a slide is made of: a title, a native table, a native chart with intervals, the client's logo.

Invariant: texts are written as text, and no name becomes a formula of the sheet behind a chart.
"""

import base64
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.analysis.summary import harmless
from sim.figures.style import FAINT, INK, MUTED
from sim.report.layout_records import Estimate
from sim.report.wording import local, visible

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.presentation import Presentation
    from pptx.shapes.picture import Picture
    from pptx.slide import Slide

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
"""Of a slide, in inches."""
TITLED: Final = 5
"""The layout of the usual template that has a title alone."""
LONGEST: Final = 330
"""Letters of a cell; the page has the rest."""
LOGO_HEIGHT, LOGO_WIDTH = 0.7, 2.2
LONG_TITLE: Final = 42
CLEAR: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII="
)
"""A clear point, which stands where a program does not know SVG."""
SVG_BLIP: Final = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)
NUMBER: Final = r"(\d+(?:\.\d+)?)"
SIZES: Final = (
    rf'viewBox="[^"]*?[\s,]{NUMBER}[\s,]+{NUMBER}\s*"',
    rf'width="{NUMBER}[^"]*"\s+height="{NUMBER}',
)
"""Where a drawing says its width and height."""
CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"


@dataclass(frozen=True)
class Box:
    """Where something stands on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def placed(self) -> tuple[int, int, int, int]:
        """The same in the units of the file."""
        from pptx.util import Inches

        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True)
class Bars:
    """Bars to draw. `series`: name -> a value a category, None where there is none to tell; `colours` by
    series, or by category where there is one series alone."""

    categories: tuple[str, ...]
    series: Mapping[str, Sequence[Estimate | None]]
    colours: Mapping[str, str]
    axis: str
    stacked: bool = False


def new_slide(deck: "Presentation", title: str, foot: str, beside: float = 0.0) -> "Slide":
    """A slide with its title, and a line at its foot. beside: inches that the title leaves free."""
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[TITLED])
    heading = slide.shapes.title
    if heading is not None:
        heading.left, heading.top = Inches(MARGIN), Inches(0.3)
        heading.width, heading.height = Inches(WIDTH - 2 * MARGIN - beside), Inches(0.8)
        write(heading.text_frame, title, 28 if len(title) <= LONG_TITLE else 22, bold=True)
    text(slide, Box(MARGIN, HEIGHT - 0.45, WIDTH - 2 * MARGIN, 0.3), foot, 10, MUTED)
    return slide


def write(frame: Any, words: str, size: float, colour: str = INK, *, bold: bool = False) -> None:
    """Put words into a frame, from its left, in the reader's numbers."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    frame.text = local(visible(words))
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.color.rgb = RGBColor.from_string(colour[1:])


def text(slide: "Slide", box: Box, words: str, size: float, colour: str = INK) -> None:
    """Words of their own on a slide."""
    if words:
        write(slide.shapes.add_textbox(*box.placed).text_frame, words, size, colour)


def table(
    slide: "Slide",
    box: Box,
    rows: Sequence[Sequence[str]],
    shares: Sequence[float],
    size: float,
    *,
    headed: bool = True,
) -> None:
    """A native table, its first row the heading if it is `headed`. shares: of the width, by column."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    shape = slide.shapes.add_table(len(rows), len(shares), *box.placed)
    drawn = shape.table
    drawn.first_row, drawn.horz_banding = headed, False
    for place, share in enumerate(shares):
        drawn.columns[place].width = Inches(box.width * share / math.fsum(shares))
    for line, row in enumerate(rows):
        drawn.rows[line].height = Inches(box.height / len(rows))
        for place, words in enumerate(row):
            cell = drawn.cell(line, place)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string("D9DFE4" if headed and not line else "EEF4F9")
            write(cell.text_frame, _cut(words), size, bold=not place or (headed and not line))


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def chart(slide: "Slide", box: Box, bars: Bars, reading: str) -> None:
    """A native bar chart, with intervals where there are any; `reading` is for those who cannot see it."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData(number_format="0.0")
    data.categories = [str(harmless(visible(name))) for name in bars.categories]
    for name, values in bars.series.items():
        data.add_series(str(harmless(visible(name))), [value.mean if value else None for value in values])
    kind = XL_CHART_TYPE.BAR_STACKED if bars.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box.placed, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", visible(reading))
    _dress(frame.chart, bars)
    for series, values in zip(frame.chart.plots[0].series, bars.series.values(), strict=True):
        if not bars.stacked:
            _add_intervals(series._element, values)


def _dress(drawn: "Chart", bars: Bars) -> None:
    """Colours, axes and legend; the first category on top."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    drawn.font.size, drawn.font.color.rgb = Pt(12), RGBColor.from_string(INK[1:])
    drawn.has_title = False
    drawn.has_legend = len(bars.series) > 1
    if drawn.has_legend and drawn.legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        drawn.legend.font.size = Pt(11)
    drawn.category_axis.reverse_order = True
    drawn.value_axis._element.find(f"{{{CHART}}}crosses").set("val", "max")  # so that it stays below
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    across = drawn.value_axis
    across.has_title, across.axis_title.text_frame.text = True, bars.axis
    across.axis_title.text_frame.paragraphs[0].font.size = Pt(11)
    across.major_gridlines.format.line.color.rgb = RGBColor.from_string(FAINT[1:])
    if not bars.stacked:  # a bar that does not begin at 0 exaggerates, and an interval has to fit
        across.minimum_scale, across.maximum_scale = 0.0, _round_up(bars)
    plot = drawn.plots[0]
    plot.gap_width = 60
    if bars.stacked:
        plot.overlap = 100
    for name, series in zip(bars.series, plot.series, strict=True):
        alone = len(bars.series) == 1
        for place, own in enumerate(bars.categories if alone else (name,)):
            fill = (series.points[place] if alone else series).format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(bars.colours.get(own, MUTED)[1:])


def _round_up(bars: Bars) -> float:
    """The end of the axis: a round number above all values and their intervals.

    >>> _round_up(Bars(("a",), {"x": [Estimate(51.1, 49.0, 53.2)]}, {}, "h"))
    55.0
    """
    told = [value for values in bars.series.values() for value in values if value]
    top = max((end for value in told for end in (value.mean, value.high) if math.isfinite(end)), default=0.0)
    if top <= 0.0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(top)) / 2
    return step * math.ceil(top / step)


def _add_intervals(series: Any, values: Sequence[Estimate | None]) -> None:
    """The ends of the intervals as error bars; the library knows none."""
    from lxml import etree

    ends = [(value.mean - value.low, value.high - value.mean) if value else (0.0, 0.0) for value in values]
    if not any(math.isfinite(end) and end > 0 for pair in ends for end in pair):
        return
    bars = etree.Element(f"{{{CHART}}}errBars")
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, f"{{{CHART}}}{name}").set("val", value)
    for place, name in enumerate(("minus", "plus")):
        literal = etree.Element(f"{{{CHART}}}numLit")
        etree.SubElement(literal, f"{{{CHART}}}ptCount").set("val", str(len(ends)))
        for number, pair in enumerate(ends):
            point = etree.SubElement(literal, f"{{{CHART}}}pt", idx=str(number))
            size = pair[place] if math.isfinite(pair[place]) else 0.0
            etree.SubElement(point, f"{{{CHART}}}v").text = repr(float(size))
        side = etree.Element(f"{{{CHART}}}{name}")
        side.append(literal)
        bars.insert(3, side)  # plus stands before minus
    series.find(f"{{{CHART}}}cat").addprevious(bars)


def logo(slide: "Slide", address: str) -> None:
    """The client's logo at the upper right; an SVG beside a clear point for programs that know none."""
    if not address:
        return
    head, _, data = address.partition(",")
    content = base64.b64decode(data)
    drawn = "svg" in head
    picture = slide.shapes.add_picture(io.BytesIO(CLEAR if drawn else content), 0, 0)
    size = _svg_size(content) if drawn else picture.image.size
    _fit(picture, size)
    if drawn:
        _as_svg(slide, picture, content)


def _fit(picture: "Picture", size: tuple[float, float]) -> None:
    from pptx.util import Inches

    height = min(LOGO_HEIGHT, LOGO_WIDTH * size[1] / size[0])
    width = height * size[0] / size[1]
    picture.left, picture.top = Inches(WIDTH - MARGIN - width), Inches(0.3)
    picture.width, picture.height = Inches(width), Inches(height)


def _svg_size(content: bytes) -> tuple[float, float]:
    """Width and height of a drawing, by its box or its own words; square where it says nothing.

    >>> _svg_size(b'<svg viewBox="0 0 200 50"/>'), _svg_size(b'<svg width="30px" height="10"/>')
    ((200.0, 50.0), (30.0, 10.0))
    >>> _svg_size(b"<svg/>")
    (1.0, 1.0)
    """
    start = content[:4000].decode("utf-8", "replace")
    for pattern in SIZES:
        if found := re.search(pattern, start):
            width, height = float(found[1]), float(found[2])
            if width > 0 and height > 0:
                return width, height
    return 1.0, 1.0


def _as_svg(slide: "Slide", picture: "Picture", content: bytes) -> None:
    """Let the picture show an SVG where the program knows it."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    package = slide.part.package
    part = Part(PackURI("/ppt/media/logo.svg"), "image/svg+xml", package, content)
    number = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    (blip,) = picture._element.xpath(".//a:blip")
    blip.append(etree.fromstring(SVG_BLIP.format(number)))
