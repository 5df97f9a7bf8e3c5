"""The cleansing rules: frame of entries in, frame out; what each one changed is found by comparing before with after."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis import values
from analysis.vocabulary import CARRIED_DOWN

Rule = Callable[[pd.DataFrame], pd.DataFrame]


def _mending(repair: Callable[[str], str], kinds: tuple[str, ...]) -> Rule:
    """Give a rule that mends the text of entries of some kinds."""

    def rule(entries: pd.DataFrame) -> pd.DataFrame:
        of_kind = entries["kind"].isin(kinds)
        mended = {text: repair(text) for text in entries.loc[of_kind, "text"].unique()}
        if all(text == as_mended for text, as_mended in mended.items()):
            return entries
        return entries.assign(text=entries["text"].where(~of_kind, entries["text"].map(mended)))

    return rule


def carried_down(entries: pd.DataFrame) -> pd.DataFrame:
    """
    Fill a theme, organisation, priority or agreement left blank from the row above it in the same table.

    Returns *entries* with a row added for each blank filled; its cell is the one that was carried down.
    """
    tables: dict[tuple[str, ...], tuple[set[int], dict[str, dict[int, int]]]] = {}
    columns = (entries[name].tolist() for name in ("quarter", "file", "sheet", "form", "field", "row"))
    for place, (quarter, file, sheet, form, field, row) in enumerate(zip(*columns, strict=True)):
        if form in CARRIED_DOWN:
            rows, fields = tables.setdefault((quarter, file, sheet, form), (set(), {}))
            rows.add(row)
            fields.setdefault(field, {})[row] = place
    from_place: list[int] = []
    to_row: list[int] = []
    for (*_, form), (rows, fields) in tables.items():
        in_order = sorted(rows)
        for of_field in (fields[name] for name in CARRIED_DOWN[form] if name in fields):
            last, before = None, 0
            for row in in_order:
                last = of_field.get(row, last if row == before + 1 else None)  # a gap is a heading or another block
                before = row
                if row not in of_field and last is not None:
                    from_place.append(last)
                    to_row.append(row)
    return pd.concat([entries, entries.iloc[from_place].assign(row=pd.array(to_row, dtype="Int64"))], ignore_index=True) if to_row else entries


_EVERY, _READ, _FIGURES = ("figure", "code", "words"), ("figure", "code"), ("figure",)

RULES: dict[str, Rule] = {
    **{
        name: _mending(values.REPAIRS[name], kinds)
        for name, kinds in {
            "invisible characters removed": _EVERY,
            "spaces made plain": _READ,
            "dashes made plain": _FIGURES,
            "full-width characters made plain": _READ,
            "look-alike letters made Latin": _READ,
            "split digits joined": _FIGURES,
        }.items()
    },
    "spaces at the ends removed": _mending(str.strip, ("words",)),
    "carried down from the row above": carried_down,
}
"""The cleansing rules, in order: what the report says was done -> frame in, frame out."""


SURE = {"figure": r"^[!-~£]*$", "code": r"^(?:[!-~£]+(?: [!-~£]+)*)?$", "words": r"^(?:[!-~£]+(?: [!-~£]+)*)?$"}
"""Kind of a field -> what a text looks like that no rule changes: plain letters, signs and digits, parted by single spaces where it is not a figure."""


def cleanse(entries: pd.DataFrame, rules: dict[str, Rule] = RULES) -> pd.DataFrame:
    """
    Apply each rule in turn, and record for each entry which rules changed it.

    Args:
        entries: frame of the `ENTRIES` contract; `text` starts as `raw`.
        rules: name -> frame in, frame out.

    Returns:
        The entries with `text` mended and `repairs` naming the rules that changed them. The record is made by
        comparing before with after, so no rule can forget to log.

    >>> from analysis import frames
    >>> cell = {"quarter": "2011-12-Q1", "row": 2, "form": "grant spend", "field": "award", "kind": "figure", "raw": "£ 941"}
    >>> cleanse(frames.make([cell], frames.ENTRIES))[["text", "repairs"]].values.tolist()
    [['£941', 'split digits joined']]
    """
    clean = entries.assign(text=entries["raw"], repairs="")
    for name, rule in rules.items():
        after = rule(clean)
        if after is clean:
            continue
        before = clean["text"].reindex(after.index)
        changed = before.isna() | (before != after["text"])
        clean = after.assign(repairs=after["repairs"].where(~changed, after["repairs"].map(lambda done, name=name: f"{done}; {name}" if done else name)))
    return clean
