"""What of a quarter's frames is a Management Group's own: its measures, its awards, its actions, its gaps."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from analysis import grant
from analysis.reference import Registers


def names_of(registers: Registers, group: str) -> set[str]:
    """Give every name of a Management Group, in small letters and digits alone."""
    row = next(row for row in registers.groups.to_dict("records") if row["group"] == group)
    return {plain(known) for known in [row["group"], *row["aliases"].split(";")] if known.strip()}


def plain(name: str) -> str:
    """
    Give the small letters and digits of a name, by which the ways of writing it are one.

    >>> plain("Children’s Trust") == plain("Childrens trust")
    True
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def owners(text: str, registers: Registers) -> set[str]:
    """
    Give the Management Groups that a list of owners names, by any of their names, also those with an "and" in them; of "All" every one.

    Owners are parted by commas, semicolons, slashes, ampersands, plus signs, new lines, and "and". A longer name that begins like a group's is another's.
    """
    named = {name: group for group in registers.groups["group"] for name in names_of(registers, group)}
    found = set()
    for part in re.split(r"[,;/&+\n]", text):
        pieces = re.split(r"\band\b", part, flags=re.IGNORECASE)
        runs = (plain("and".join(pieces[start:end])) for start in range(len(pieces)) for end in range(start + 1, len(pieces) + 1))
        for name in runs:
            if name == "all":
                return set(named.values())
            found |= {named[name]} if name in named else set()
    return found


def narrowed(kept: dict[str, pd.DataFrame], registers: Registers, group: str) -> dict[str, pd.DataFrame]:
    """
    Give the frames with a Management Group's own rows alone, where rows belong to groups.

    Measures are those of the themes that the register of groups gives it; awards those of its theme in the register of awards, with
    their spending; actions those that it, or everybody, owns; gaps those of its awards and of returns that it owes.
    Frames whose rows belong to nobody in particular are given as they are.
    """
    names = names_of(registers, group)
    row = next(row for row in registers.groups.to_dict("records") if row["group"] == group)
    themes = {part.strip() for part in row["themes"].split(";") if part.strip()}
    measures = set(registers.measures.loc[registers.measures["theme"].isin(themes), "measure_id"])
    of_group = registers.awards[[plain(theme) in names for theme in registers.awards["theme"]]]
    awards = set(zip(of_group["round"], of_group["project"], strict=True))
    told_of = {*of_group["project"], *of_group["return_name"]} - {""}

    def of_measures(frame: pd.DataFrame) -> pd.Series:
        return frame["measure_id" if "measure_id" in frame else "series_id"].isin(measures)

    def of_awards(frame: pd.DataFrame) -> pd.Series:
        return pd.Series([award in awards for award in zip(frame["round"], frame["project"], strict=True)], index=frame.index, dtype=bool)

    def of_actions(frame: pd.DataFrame) -> pd.Series:
        return frame["owner"].map(lambda owner: group in owners(owner, registers)).astype(bool)

    def of_gaps(frame: pd.DataFrame) -> pd.Series:
        of_measure = frame["name"].map(lambda name: name.partition(": ")[0] in measures).astype(bool)
        return of_measure | frame["name"].isin(told_of) | frame["partner"].map(lambda partner: plain(partner) in names).astype(bool)

    own: dict[str, Callable[[pd.DataFrame], pd.Series]] = dict.fromkeys(_OF_MEASURES, of_measures) | dict.fromkeys(_OF_AWARDS, of_awards)
    own |= {"actions": of_actions, "missing": of_gaps}
    made = {name: frame[own[name](frame)].reset_index(drop=True) if name in own and len(frame) else frame for name, frame in kept.items()}
    return made | ({"burn_up": grant.burn_up(made["spend"])} if "spend" in made else {})


_OF_MEASURES = ("scores", "exceptions", "commentary_checks", "forecasts", "positions", "year_to_date", "variation", "process")
_OF_AWARDS = ("spend", "outturn", "sample")
