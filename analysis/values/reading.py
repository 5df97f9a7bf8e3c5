"""One cell's text -> an exact reading: a value and what it is, or a typed reason for having none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import lru_cache

from analysis.errors import UnreadableValue
from analysis.values.repairs import mended
from analysis.vocabulary import Reason


@dataclass(frozen=True)
class Reading:
    """
    What one cell says.

    Attributes:
        raw: the text as typed.
        unit: "number", "percent", "pounds", "seconds" or "rank"; empty for a reason or a rule.
        value: the exact figure; None for a gap, a range or a rule.
        low, high: the ends of a range, both included; equal to `value` for a single figure.
        numerator, denominator, count, rank: what stands in brackets behind the figure.
        decimals: decimal places as printed, which bound what rounding may hide.
        annual: typed in square brackets, so assessed in Q4 only.
        rule: a target stated as a rule, "year on year reduction".
        reason: why there is no figure.
        markers: shorthand such as "[p]" that stays with the figure.
        flags: what an analyst should look at, in words.
        repairs: what was mended before reading.
    """

    raw: str
    unit: str = ""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    count: int | None = None
    rank: int | None = None
    decimals: int | None = None
    annual: bool = False
    rule: str = ""
    reason: Reason | None = None
    markers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the cell gives a figure or a range."""
        return self.low is not None


_REASONS = {
    "": Reason.NOT_GIVEN,
    "?": Reason.UNKNOWN,
    "tbc": Reason.UNKNOWN,
    "tba": Reason.UNKNOWN,
    "-": Reason.NOT_APPLICABLE,
    "n/a": Reason.NOT_APPLICABLE,
    "na": Reason.NOT_APPLICABLE,
    "not applicable": Reason.NOT_APPLICABLE,
    "bl": Reason.BASELINE,
    "baseline": Reason.BASELINE,
    "no survey this qtr": Reason.NO_SURVEY,
    "no survey this quarter": Reason.NO_SURVEY,
    "no target": Reason.NO_TARGET,
    "no actual": Reason.NO_ACTUAL,
    "none": Reason.NONE,
    "[x]": Reason.UNKNOWN,
    "[z]": Reason.NOT_APPLICABLE,
    "[c]": Reason.SUPPRESSED,
}
_REASON_PATTERNS = (
    (re.compile(r"new in (\d{4}/\d{2}|q[1-4].*)"), Reason.NEW),
    (re.compile(r"reports in q[1-4]( only)?"), Reason.REPORTS_LATER),
    (re.compile(r"notes? \d+([ ,&]+\d+)*"), Reason.SEE_NOTE),
    (re.compile(r"#(ref!|div/0!|n/a|name\?|null!|num!|value!)"), Reason.FORMULA_ERROR),
)
_RULES = {"year on year reduction", "year on year increase"}
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(rf"(?P<minus>-)?(?P<pounds>£)?(?P<minus2>-)?(?P<digits>{_PLAIN})(?P<scale>k|m|bn)?(?P<percent>%)?", re.IGNORECASE)
_ORDINAL = r"(\d+)(?:st|nd|rd|th)"
_RANKS = re.compile(rf"{_ORDINAL}(?: ?(?:to|-) ?{_ORDINAL})?(?: in .+)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
SHARE = "a share of one, read as a percentage: check the unit"
_MOST_DIGITS = 1000  # far beyond any figure, and within what Python turns into a number
_EXACT = Context(prec=2 * _MOST_DIGITS)
_RANGE = re.compile(rf"(£?(?:{_PLAIN})%?) ?(?:-|to) ?(£?(?:{_PLAIN})%?)", re.IGNORECASE)
_BEHIND = re.compile(rf"(.+?) ?\((?:(\d[\d,]*)/(\d[\d,]*)|{_ORDINAL}|(\d[\d,]*)|(prov|provisional|est|estimated|rev|revised))\)", re.IGNORECASE)
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9}
_MARKER_WORDS = {"p": "[p]", "e": "[e]", "r": "[r]"}
WORD_OF_MARKER = {"[p]": "prov", "[e]": "est", "[r]": "rev"}


def read(raw: str, unit: str = "") -> Reading:
    """
    Read one cell exactly.

    Args:
        raw: the text as typed; blank is a reading too ("not given").
        unit: what the register says the figure is in ("percent", "pounds", "seconds", "number", "rank"),
            or empty. It decides what an unmarked number means, and what is flagged.

    Raises:
        UnreadableValue: the text is neither a figure nor a known reason for having none. No text raises
            anything else.

    Source: the ways of writing found in source documents 000 to 002; DECISIONS.md, "Values".

    >>> read("42.5% (62/146)").denominator, read("13-15%").high, read("01:30").value
    (146, Decimal('15'), Decimal('90'))
    >>> str(read("\u0422\u0412\u0421").reason), read("£1,600.0 0").value
    ('asked for and not known', Decimal('1600.00'))
    """
    return replace(_read(raw, unit))


@lru_cache(maxsize=65536)
def _read(raw: str, unit: str) -> Reading:
    text, repairs = mended(raw)
    reading = _reason(text) or _rule(text) or _bracketed(text, unit) or _figure(text, unit) if len(text) < _MOST_DIGITS else None
    if reading is None:
        raise UnreadableValue(repr(raw), [_why_not(text)], "Give a figure, or say why there is none (TBC, n/a, BL).")
    return replace(reading, raw=raw, repairs=repairs)


def _why_not(text: str) -> str:
    if re.search(r"\d", text):
        return "is not a number"
    return "is neither a number nor a known reason for having none"


def _reason(text: str) -> Reading | None:
    folded = text.casefold()
    if folded in _REASONS:
        return Reading(text, reason=_REASONS[folded])
    for pattern, reason in _REASON_PATTERNS:
        if pattern.fullmatch(folded):
            return Reading(text, reason=reason)
    if match := re.fullmatch(r"< ?(\d+)%?", text):
        return Reading(text, reason=Reason.SUPPRESSED, markers=("[c]",), flags=(f"suppressed: below {int(match[1])}",))
    return None


def _rule(text: str) -> Reading | None:
    folded = text.casefold()
    return Reading(text, rule=folded) if folded in _RULES else None


def _bracketed(text: str, unit: str) -> Reading | None:
    """Read `[70%]`: an annual target, assessed in Q4 only."""
    match = re.fullmatch(r"\[(.+)\]", text)
    inner = _figure(match[1].strip(), unit) if match else None
    return replace(inner, annual=True) if inner else None


def _figure(text: str, unit: str) -> Reading | None:
    if not text.replace("£", "").isascii():
        return None
    for shape in (_clock, _ranks, _span, _with_bracket_behind, _marked):
        if reading := shape(text, unit):
            return reading
    return _number(text, unit)


def _single(value: Decimal, unit: str, decimals: int, **more: object) -> Reading:
    return Reading("", unit=unit, value=value, low=value, high=value, decimals=decimals, **more)  # type: ignore[arg-type]


def _clock(text: str, unit: str) -> Reading | None:
    match = _CLOCK.fullmatch(text) if unit in ("", "seconds") else None
    return _single(Decimal(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])), "seconds", 0) if match else None


def _ranks(text: str, unit: str) -> Reading | None:
    match = _RANKS.fullmatch(text)
    if not match:
        return None
    ends = sorted(Decimal(int(end)) for end in match.groups() if end)
    if ends[0] == ends[-1]:
        return _single(ends[0], "rank", 0, rank=int(ends[0]))
    return Reading("", unit="rank", low=ends[0], high=ends[1], decimals=0)


def _span(text: str, unit: str) -> Reading | None:
    """Read `13-15%` or `£10-£20`: a sign at either end stands for both."""
    match = _RANGE.fullmatch(text)
    if not match:
        return None
    pounds, percent = ("£" if "£" in text else ""), ("%" if "%" in text else "")
    low, high = (_number(f"{pounds}{end.strip('£%')}{percent}", unit) for end in match.groups())
    if low is None or high is None or low.value is None or high.value is None or low.value > high.value:
        return None
    if low.value == high.value:
        return low if (low.decimals or 0) >= (high.decimals or 0) else high
    flags = tuple(dict.fromkeys((*low.flags, *high.flags)))
    return Reading("", unit=low.unit, low=low.value, high=high.value, decimals=max(low.decimals or 0, high.decimals or 0), flags=flags)


def _with_bracket_behind(text: str, unit: str) -> Reading | None:
    """Read a figure with its fraction, rank, count or marker in brackets: `42.5% (62/146)`, `5.86 (28th)`, `89 (378)`."""
    match = _BEHIND.fullmatch(text)
    figure = _number(match[1], unit) if match and unit != "rank" else None
    if not match or not figure:
        return None
    _, top, bottom, rank, count, word = match.groups()
    if top:
        if not int(bottom.replace(",", "")):
            return None
        return replace(figure, numerator=int(top.replace(",", "")), denominator=int(bottom.replace(",", "")))
    if rank:
        return replace(figure, rank=int(rank))
    if count:
        return replace(figure, count=int(count.replace(",", "")))
    return replace(figure, markers=(_MARKER_WORDS[word[0].casefold()],))


def _marked(text: str, unit: str) -> Reading | None:
    """Read an approximate figure, `c.40`, or one with a letter behind it, `412p`."""
    if match := re.fullmatch(r"(?:circa |c\.? ?|approx\.? |~ ?)(.+)", text, re.IGNORECASE):
        figure = _number(match[1], unit)
        return replace(figure, markers=("[e]",), flags=(*figure.flags, "approximate")) if figure else None
    if unit != "pounds" and (match := re.fullmatch(r"(.*\d%?) ?(?:([per])|\[([per])\])", text)):
        figure = _number(match[1], unit)
        return replace(figure, markers=(_MARKER_WORDS[match[2] or match[3]],)) if figure else None
    return None


def _number(text: str, unit: str) -> Reading | None:
    if match := re.fullmatch(r"\((£?[\d,.]+)\)", text):
        text = f"-{match[1]}"
    match = _NUMBER.fullmatch(text)
    if not match or (match["minus"] and match["minus2"]) or (match["pounds"] and match["percent"]):
        return None
    digits = match["digits"].replace(",", "")
    scale = _SCALES[(match["scale"] or "").casefold()]
    if scale and not match["pounds"]:
        return None
    decimals = max(len(digits.partition(".")[2]) - scale, 0)
    sign = "-" if match["minus"] or match["minus2"] else ""
    value = Decimal(f"{Decimal(f'{sign}{digits}E{scale}'):f}")
    value = value.copy_abs() if value == 0 else value
    found = "pounds" if match["pounds"] else "percent" if match["percent"] else ""
    if (found == "pounds" or (not found and unit == "pounds")) and decimals > 2:
        return None
    if unit == "rank" and not found:
        return _single(value, "rank", 0, rank=int(value)) if value == int(value) >= 1 and decimals == 0 else None
    flags: tuple[str, ...] = ()
    if found and unit and found != unit:
        flags = (f"given in {found}, registered in {unit}",)
    elif not found and unit == "percent" and "." in digits and 0 < value.copy_abs() < 1:
        # a share typed where a percentage belongs; read as what it must be, and said
        value, decimals, flags = value.scaleb(2, _EXACT), max(decimals - 2, 0), (SHARE,)
        value = Decimal(f"{value:f}")
    elif not found and unit == "percent" and value == 1:
        flags = ("one without a % sign, read as 1 percent: check that it is not the whole",)
    return _single(value, found or unit or "number", decimals, flags=flags)
