"""One cell as typed -> an exact reading: a value and what it is, or a typed reason for having none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import lru_cache

from analysis.errors import UnreadableValue
from analysis.vocabulary import Reason

# ---------------------------------------------------------------- repairs: text -> text, each named

_INVISIBLE = re.compile("[\ufeff\u200b\u200c\u200d\u2060\u00ad]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\r\n]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE1: 0xA3}
_LOOK_ALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0430\u0435\u043e\u0440\u0441\u0445\u0443"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7\u03bf",
    "ABEKMHOPCTXaeopcxy" "ABEZHIKMNOPTXo",
)
_SPLIT = re.compile(r"(?<=[£$€]) +(?=\d)|(?<=\d,) +(?=\d)|(?<=\d) +(?=,\d)|(?<=\.) +(?=\d)|(?<=\.\d) +(?=\d\b)")
_WHOLE_MONEY_OR_NUMBER = re.compile(r"\(?-?[£$€]? ?[\d ,.]+%?\)?")


def without_invisible(text: str) -> str:
    """Remove byte-order marks, zero-width characters and soft hyphens."""
    return _INVISIBLE.sub("", text)


def with_plain_spaces(text: str) -> str:
    """Turn non-breaking and other spaces into plain ones, and drop those at the ends."""
    return re.sub(" {2,}", " ", _SPACES.sub(" ", text)).strip()


def with_plain_dashes(text: str) -> str:
    """Turn en and em dashes and the minus sign into a hyphen."""
    return _DASHES.sub("-", text)


def with_plain_digits(text: str) -> str:
    """Turn full-width letters, digits and signs into plain ones."""
    return text.translate(_FULL_WIDTH)


def with_latin_letters(text: str) -> str:
    """Turn Cyrillic and Greek letters that look like Latin ones into Latin ones, where nothing else is left."""
    latin = text.translate(_LOOK_ALIKES)
    return latin if latin.isascii() or latin.replace("£", "").isascii() else text


def with_joined_digits(text: str) -> str:
    """Join the digits of one number that spaces have split: `£4, 681,012.65`, `£1,600.0 0`, `99.9 %`."""
    text = re.sub(r"(?<=\d) +(?=%)", "", text)
    return _SPLIT.sub("", text) if _WHOLE_MONEY_OR_NUMBER.fullmatch(text) else text


REPAIRS = {
    "invisible characters removed": without_invisible,
    "spaces made plain": with_plain_spaces,
    "dashes made plain": with_plain_dashes,
    "full-width characters made plain": with_plain_digits,
    "look-alike letters made Latin": with_latin_letters,
    "split digits joined": with_joined_digits,
}
"""The repairs in the order they are made; the name is what the report says was done."""


def mended(raw: str) -> tuple[str, tuple[str, ...]]:
    """
    Give the text after every repair, and the names of the repairs that changed it.

    >>> mended("£1,600.0 0")
    ('£1,600.00', ('split digits joined',))
    """
    done, text = [], raw
    for name, repair in REPAIRS.items():
        before, text = text, repair(text)
        if text != before:
            done.append(name)
    return text, tuple(done)


# ---------------------------------------------------------------- readings


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
_NUMBER = re.compile(rf"(?P<minus>-)?(?P<pounds>£)?(?P<minus2>-)?(?P<digits>{_PLAIN})(?P<scale>k|m|bn)?(?P<percent>%)?", re.I)
_ORDINAL = r"(\d+)(?:st|nd|rd|th)"
_RANKS = re.compile(rf"{_ORDINAL}(?: ?(?:to|-) ?{_ORDINAL})?(?: in .+)?", re.I)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")
_MOST_DIGITS = 1000  # far beyond any figure, and within what Python turns into a number
_EXACT = Context(prec=2 * _MOST_DIGITS)
_RANGE = re.compile(rf"(£?(?:{_PLAIN})%?) ?(?:-|to) ?(£?(?:{_PLAIN})%?)", re.I)
_BEHIND = re.compile(rf"(.+?) ?\((?:(\d[\d,]*)/(\d[\d,]*)|{_ORDINAL}|(\d[\d,]*)|(prov|provisional|est|estimated|rev|revised))\)", re.I)
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9}
_MARKER_WORDS = {"p": "[p]", "e": "[e]", "r": "[r]"}
_WORD_OF_MARKER = {"[p]": "prov", "[e]": "est", "[r]": "rev"}


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
        return replace(low, decimals=max(low.decimals or 0, high.decimals or 0))
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
    if match := re.fullmatch(r"(?:c\.? ?|circa |approx\.? |~ ?)(.+)", text, re.I):
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
        value, decimals, flags = value.scaleb(2, _EXACT), max(decimals - 2, 0), ("a share of one, read as a percentage: check the unit",)
        value = Decimal(f"{value:f}")
    return _single(value, found or unit or "number", decimals, flags=flags)


# ---------------------------------------------------------------- showing


def shown(value: Decimal | int | None, unit: str = "number", decimals: int | None = None) -> str:
    """
    Give a figure as it is printed in tables, or an empty text for none.

    Args:
        value: the exact figure, in `unit`.
        unit: "percent", "pounds", "seconds", "rank" or "number".
        decimals: places to print; as many as the figure has where None.

    >>> shown(Decimal("1600"), "pounds"), shown(Decimal("151"), "seconds"), shown(Decimal("-18"), "percent")
    ('£1,600.00', '02:31', '\u221218%')
    """
    if value is None:
        return ""
    size = Decimal(value).copy_abs()
    if unit == "seconds":
        text = f"{int(size) // 60:02d}:{int(size) % 60:02d}"
    elif unit == "rank":
        return f"{int(size)}{ordinal_ending(int(size))}"
    else:
        places = 2 if unit == "pounds" else decimals
        number = f"{size:,f}" if places is None else f"{size:,.{places}f}"
        text = f"{'£' if unit == 'pounds' else ''}{number}{'%' if unit == 'percent' else ''}"
    return f"\u2212{text}" if value < 0 and re.search("[1-9]", text) else text


def ordinal_ending(number: int) -> str:
    """
    Give the letters that make a number an ordinal.

    >>> [f"{n}{ordinal_ending(n)}" for n in (1, 12, 22)]
    ['1st', '12th', '22nd']
    """
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def printed(reading: Reading) -> str:
    """
    Give the canonical text of a reading, which reads back as the same reading.

    >>> printed(read("£4, 681,012.65")), printed(read("( £250 )".replace(" ", "")))
    ('£4681012.65', '-£250')
    """
    if not reading.known:
        below = re.search(r"\d+", reading.flags[0]) if reading.reason is Reason.SUPPRESSED and reading.flags else None
        return f"<{below[0]}" if below else reading.rule or mended(reading.raw)[0]
    bare = reading.denominator is None and reading.rank is None and reading.count is None and not reading.markers
    if reading.unit == "seconds" and reading.value is not None and bare and 0 <= reading.value < 60000 and reading.value == int(reading.value):
        core = f"{int(reading.value) // 60:02d}:{int(reading.value) % 60:02d}"
    elif reading.unit == "rank":
        ends = dict.fromkeys((reading.low, reading.high))
        core = " to ".join(f"{int(end)}{ordinal_ending(int(end))}" for end in ends if end is not None)
    elif reading.value is None:
        core = f"{_plain(reading.low, '')}-{_plain(reading.high, reading.unit)}"
    else:
        core = _plain(reading.value, reading.unit)
    if reading.denominator is not None:
        core += f" ({reading.numerator}/{reading.denominator})"
    elif reading.rank is not None and reading.unit != "rank":
        core += f" ({reading.rank}{ordinal_ending(reading.rank)})"
    elif reading.count is not None:
        core += f" ({reading.count})"
    elif reading.markers:
        core += f" ({_WORD_OF_MARKER[reading.markers[0]]})"
    return f"[{core}]" if reading.annual else core


def _plain(value: Decimal | None, unit: str) -> str:
    value = Decimal(0) if value is None else value
    sign, size = ("-" if value < 0 else ""), f"{value.copy_abs():f}"
    return f"{sign}{'£' if unit == 'pounds' else ''}{size}{'%' if unit == 'percent' else ''}"
