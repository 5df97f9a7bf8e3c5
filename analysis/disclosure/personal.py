"""Personal data in free text: found by its shape, and held back wherever the text stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from analysis import frames, values
from analysis.vocabulary import HOLDS_NO_RETURN, Reason, Severity, Stage

KINDS = ("NHS number", "National Insurance number", "postcode", "e-mail address", "telephone number", "date of birth")
"""What is looked for, in the order that it is told in."""
_AN = ("NHS number", "e-mail address")
RULE = "no personal data"
IDENTIFYING = frozenset({
    "quarter", "file", "sheet", "cell", "cells", "sha256", "figure_id", "measure_id", "series_id", "form", "forms", "field", "state", "severity", "stage",
    "kind", "period", "month", "band", "polarity", "unit", "policy", "was_file", "was_sheet", "band_quarter", "last_quarter",
})  # fmt: skip
"""Columns that name a thing or hold one of a few words of our own; so does every column that ends in `_cell` or `_unit`."""
_WORDS_ONLY_IN = {"outcome": "cells"}
"""A column of our own words in one frame that is free text in others."""

_NHS = re.compile(r"(?<![^\W_])(?<![£$€])(?<![£$€] )(?<!\d[.,/-])\d{3}([ -]?)\d{3}\1\d{4}(?![^\W_]|[.,/-]\d|%)|(?<=nhs)\d{10}(?!\d)", re.IGNORECASE)
_INSURANCE_LETTERS = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_INSURANCE = re.compile(rf"(?<![^\W_]){_INSURANCE_LETTERS}(?:(?i:[ -]?(?:\d\d[ -]?){{3}}[A-D])|\d{{6}}[a-d])(?![^\W_])")
_INSURANCE_JOINED = re.compile(rf"(?<![^\W_]){_INSURANCE_LETTERS}\d{{6}}[A-D](?![^\W_])", re.IGNORECASE)
_INSURANCE_NAMED = re.compile(
    rf"(?:national insurance|\bn\.?i\.?(?:no\b|n\b| ?numbers?\b| no\b)|\bnino\b)\D{{0,20}}?\b{_INSURANCE_LETTERS}[ -]?(?:\d\d[ -]?){{2}}\d\d(?![^\W_])",
    re.IGNORECASE,
)
_AREAS = (
    r"AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|G|GL|GU|GY|HA|HD|HG|HP|"
    r"HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|"
    r"SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_POSTCODE = re.compile(
    rf"(?<![^\W_])(?:(?:{_AREAS})\d(?:\d|[A-HJKMNPR-Y])? ?(\d[ABD-HJLNP-UW-Z]{{2}})|GIR ?0AA)(?![^\W_])",
    re.IGNORECASE,
)
_NO_INWARD = re.compile(r"\d(?:st|nd|rd|th|hr|yr|ft|lb|pp|pt|ha)")
"""What follows a label in lower case and is no half of a postcode: "Phase B2 1st", "priority p1 2hr"."""
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(
    r"(?<![^\W_])(?<![£$€])(?<![£$€] )(?<![\d.,/-][.,/-])(?<!\d[.,/:-])(?<!\d )"
    r"(?:(?:\+|\b00)44[ .-]?(?:\(0\)[ .-]?)?|\(?(?=0))(0?[1-378]\d{1,4}\)?(?:[ .-]?\d{2,9}){1,4})(?![^\W_]|%|[.,/:-]\d)"
)
_SHORTEST_GROUP = 3
_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DATE = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?(?:{_MONTHS}),?[ -]?(?:\d{{4}}|'?\d\d)"
    rf"|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})(?!\d)"
)
_BORN = r"(?<!\w)(?:born|d\.? ?o\.? ?b\b\.?|dates? of birth|birth ?dates?|birthdays?)"
_BIRTH = re.compile(rf"{_BORN}(?P<between>[^\d\n]{{0,25}}?){_DATE}|{_DATE}[ )]{{0,2}}[(,;:-]? ?\(?(?P<after>(?:d\.? ?o\.? ?b\b|date of birth))", re.IGNORECASE)
_COHORT = re.compile(r"\b(?:between|from|since|after|before|until|to|by|prior)\b", re.IGNORECASE)
"""Children born from one date to another are a group counted, not a person."""
_FINGERPRINT = re.compile(r"(?<![^\W_])(?:[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![^\W_])", re.IGNORECASE)
_LONG_WORD = re.compile(r"[\w-]{32}")
_SUSPECT = re.compile(r"@|(?:\d[ ().-]{0,3}){6}|[A-Za-z]\d[\dA-Za-z]? {0,2}\d[A-Za-z]{2}|[Gg][Ii][Rr] ?0|[Bb][Oo][Rr][Nn]|[Oo]\.? ?[Bb]\b|[Bb][Ii][Rr][Tt][Hh]")
"""Quick, and true of every text that holds any of the kinds; so is each of the next for its own kind."""
_TEN_DIGITS = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}")
_SIX_DIGITS = re.compile(r"[A-Za-z][ -]?\d\d[ -]?\d\d[ -]?\d\d")
_INWARD = re.compile(r"[A-Za-z]\d[\dA-Za-z]? ?\d[A-Za-z]{2}|[Gg][Ii][Rr] ?0")
_DIALLED = re.compile(r"(?:44|0[1-378])[\d ().-]{7}")
_WORD_OF_BIRTH = re.compile(r"[Bb][Oo][Rr][Nn]|[Oo]\.? ?[Bb]\b|[Bb][Ii][Rr][Tt][Hh]")


def personal(text: str) -> tuple[str, ...]:
    """
    Give the kinds of personal data that a text may hold, in the order of `KINDS`; none of the text itself.

    An NHS number counts where its check digit is right, a National Insurance number where its letters are given out, a postcode
    where it is whole and of an area that there is, a telephone number where it has as many digits as British ones, and a date
    where it stands beside "born" or "date of birth". Amounts of money, fingerprints, quarters, the names of National
    Indicators (NI 155) and of cells (AB12) are none of them. Names, addresses without a postcode and foreign numbers are not found.

    Source: domain.md 9; NHS Data Dictionary, "NHS number", for the check digit.

    >>> personal("Ring 020 7946 0958 about NHS no. 943 476 5919")
    ('NHS number', 'telephone number')
    >>> personal("NI 155 fell to 1,234,567,890 in 2009-10-Q3, cell AB12")
    ()
    """
    if not text.isascii():
        text = values.with_plain_spaces(values.without_invisible(values.with_plain_dashes(values.with_plain_digits(text))))
    if not _SUSPECT.search(text):
        return ()
    plain = values.with_plain_spaces(_FINGERPRINT.sub(" ", text) if _LONG_WORD.search(text) else text)
    return tuple(kind for kind, found in zip(KINDS, (_nhs, _insurance, _postcode, _email, _phone, _birth), strict=True) if found(plain))


def hold_personal(made: dict[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """
    Give the frames with every text held back that may hold personal data, and an issue for each source cell of such a text.

    Args:
        made: name -> frame. Every text column is read but those that name a thing (`IDENTIFYING`). The frame `cells` says
            where a text was typed; without it there are no issues.

    Returns:
        The same frames, in which a sentence such as "[held back: may hold an e-mail address]" stands in place of the whole text,
        wherever it stands; a figure that was read from such a text is missing, its reason "suppressed". An issue that is about
        such a cell says nothing of the text either. And a frame of the `ISSUES` contract: severity "advisory", stage "cell",
        nothing as typed. Empty text is no text. No frame has more or fewer rows; those that nothing is held of are given as they are.

    Source: domain.md 9.

    >>> made = {"cells": frames.make([{"file": "a.csv", "cell": "B2", "raw": "write to jo@example.org"}], frames.CELLS)}
    >>> held, issues = hold_personal(made)
    >>> held["cells"]["raw"].tolist(), issues["cell"].tolist()
    (['[held back: may hold an e-mail address]'], ['B2'])
    """
    known: dict[str, tuple[str, ...]] = {}
    issues = _issues(made["cells"], known) if "cells" in made else frames.make([], frames.ISSUES)
    about = set(zip(*(issues[name] for name in _PLACE), strict=True))
    return {name: _held(name, frame, known, about) for name, frame in made.items()}, issues


def sentence(kinds: tuple[str, ...]) -> str:
    """
    Give what stands in place of a text that may hold personal data.

    >>> sentence(("postcode", "e-mail address"))
    '[held back: may hold a postcode and an e-mail address]'
    """
    return f"[held back: may hold {_listed(kinds)}]"


_PLACE = ("quarter", "file", "sheet", "cell")


def _listed(kinds: tuple[str, ...]) -> str:
    said = [f"{'an' if kind in _AN else 'a'} {kind}" for kind in kinds]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _issues(cells: pd.DataFrame, known: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    found = {name: _hits(cells[name], known) for name in ("raw", "stored") if name in cells}
    any_of = pd.Series(data=False, index=cells.index)
    for hits in found.values():
        any_of |= False if hits is None else hits != ""
    rows = []
    for row in frames.rows(cells[any_of & (cells["reason"] != HOLDS_NO_RETURN)]):  # of what the workbook wrote itself, nobody need be told
        kinds = tuple(kind for kind in KINDS if any(kind in known.get(row[name], ()) for name in found))
        message = f"may hold {_listed(kinds)}; the text is held back. Take it out of the return and send it again, or say the same without naming a person."
        rows.append({name: row[name] for name in _PLACE} | {"stage": str(Stage.CELL), "severity": str(Severity.ADVISORY), "rule": RULE, "message": message})
    return frames.make(rows, frames.ISSUES)


def _hits(column: pd.Series, known: dict[str, tuple[str, ...]]) -> pd.Series | None:
    """Give the sentence for each cell of a column, empty where it may stay, or None where all may; each different text is looked at once."""
    words = frames.coded(column)
    for text in words.names:
        if isinstance(text, str) and text not in known:
            known[text] = personal(text)
    says = [sentence(known[text]) if isinstance(text, str) and known[text] else "" for text in words.names]
    return pd.Series([says[place] if place >= 0 else "" for place in words.codes.tolist()], index=column.index, dtype=object) if any(says) else None


def text_columns(name: str, frame: pd.DataFrame) -> Iterator[str]:
    """
    Give the columns of a frame that may hold free text.

    >>> list(text_columns("cells", frames.make([], frames.CELLS)))
    ['raw', 'stored', 'reason']
    """
    contract = frames.CONTRACTS.get(name)
    for column in frame:
        ours = column in IDENTIFYING or str(column).endswith(("_cell", "_unit")) or _WORDS_ONLY_IN.get(str(column)) == name
        holds = contract.columns.get(str(column)) if contract else None
        dtype = frame[column].dtype
        if not ours and holds in (None, frames.TEXT) and (pd.api.types.is_object_dtype(dtype) or isinstance(dtype, pd.CategoricalDtype | pd.StringDtype)):
            yield str(column)


def _held(name: str, frame: pd.DataFrame, known: dict[str, tuple[str, ...]], about: set[tuple[str, ...]]) -> pd.DataFrame:
    changed: dict[str, pd.Series] = {}
    for column in text_columns(name, frame):
        says = _hits(frame[column], known)
        if says is not None and (hit := says != "").any():
            changed[column] = frame[column].astype(object).where(~hit, says)
            if column.endswith("_raw"):
                changed |= _without_figure(frame, column.removesuffix("_raw"), hit)
    made = frame.assign(**changed) if changed else frame
    if name == "issues" and about:
        places = pd.Series(list(zip(*(made[column] for column in _PLACE), strict=True)), index=made.index, dtype=object)
        its = places.isin(about) & (made["rule"] != RULE)
        if its.any():
            held = "[held back: the cell may hold personal data]"
            made = made.assign(
                **{
                    column: made[column].where(~(its & (made[column] != "") & ~made[column].str.startswith("[held back")), held)
                    for column in ("message", "as_typed", "read_as")
                }
            )
    return made


def _without_figure(frame: pd.DataFrame, figure: str, hit: pd.Series) -> dict[str, pd.Series]:
    """Give the columns of a figure with what was read from a text that is held back taken out: a long number may be one."""
    made: dict[str, pd.Series] = {}
    for column in frame:
        of = str(column)
        if of == figure or of.startswith(f"{figure}_"):
            if pd.api.types.is_integer_dtype(frame[column].dtype):
                made[of] = frame[column].mask(hit)
            elif of in (figure, f"{figure}_low", f"{figure}_high"):
                made[of] = pd.Series([None if held else value for held, value in zip(hit, frame[column], strict=True)], index=frame.index, dtype=object)
    if f"{figure}_reason" in frame and figure in frame:
        made[f"{figure}_reason"] = frame[f"{figure}_reason"].mask(hit, str(Reason.SUPPRESSED))
    return made


# ---------------------------------------------------------------- each kind


def _nhs(text: str) -> bool:
    return bool(_TEN_DIGITS.search(text)) and any(_checks(re.sub(r"\D", "", match[0])) for match in _NHS.finditer(text))


def _checks(digits: str) -> bool:
    """Say whether the tenth digit of an NHS number is the one that the other nine ask for."""
    rest = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return rest % 11 == int(digits[9])


def _insurance(text: str) -> bool:
    return bool(_SIX_DIGITS.search(text)) and bool(_INSURANCE.search(text) or _INSURANCE_JOINED.search(text) or _INSURANCE_NAMED.search(text))


def _postcode(text: str) -> bool:
    return bool(_INWARD.search(text)) and any(not _NO_INWARD.fullmatch(match[1] or "") for match in _POSTCODE.finditer(text))


def _email(text: str) -> bool:
    return "@" in text and bool(_EMAIL.search(text))


def _phone(text: str) -> bool:
    return bool(_DIALLED.search(text)) and any(_is_phone(match[1]) for match in _PHONE.finditer(text))


def _is_phone(written: str) -> bool:
    """Say whether the digits after the country's code, or with a leading nought, are as many and grouped as British numbers are."""
    digits, groups = re.sub(r"\D", "", written).removeprefix("0"), re.findall(r"\d+", written)
    few = 9 if digits[:1] in ("1", "8") else 10
    return few <= len(digits) <= 10 and all(len(group) >= _SHORTEST_GROUP for group in groups[1:])


def _birth(text: str) -> bool:
    return bool(_WORD_OF_BIRTH.search(text)) and any(match["after"] or not _COHORT.search(match["between"] or "") for match in _BIRTH.finditer(text))
