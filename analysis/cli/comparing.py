"""The command diff: what changed between two published folders, and why."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.cli.asked import MOST_LINES, key, outputs_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.changes import Edition


def diff(asked: Namespace) -> int:
    """Print the bridge of the headline counts, the bands that moved, the differences by cause, and whether all are explained."""
    from analysis import changes, reference

    folders = [_folder(asked, typed) for typed in (asked.before, asked.after)]
    lacking = [folder for folder in folders if folder.is_dir() and not (folder / "data" / "policies.csv").exists()]
    before, after = changes.open_editions(folders, reference.load(asked.data).policies if lacking else None)
    found = changes.between(before, after)
    print(_title(before, after))
    if lacking:
        named = " and ".join(dict.fromkeys(map(str, lacking)))
        print(f"No data/policies.csv in {named}: bands judged again by the register of today, in {asked.data / 'reference'}.")
    _say_headlines(before, after, found)
    _say_bands(found)
    _say_causes(found)
    _say_residual(found)
    if asked.csv:
        from analysis.reports import publication  # takes a second, and only a file needs it

        asked.csv.write_text(publication.as_csv(found), encoding="utf-8", newline="")
        print(f"Written to {asked.csv}.")
    return 0


def _folder(asked: Namespace, typed: str) -> Path:
    """Give the published folder of a quarter, or the folder that is named."""
    from analysis import quarters

    quarter = key(typed)
    return outputs_of(asked) / quarter if quarters.parse(quarter) == quarter else Path(typed)


def _title(before: Edition, after: Edition) -> str:
    from analysis import quarters

    names = [quarters.label(edition.quarter) for edition in (before, after)]
    return f"{names[1]} after {names[0]}" if before.quarter != after.quarter else f"{names[0]}: {after.name} after {before.name}"


def _say_headlines(before: Edition, after: Edition, found: pd.DataFrame) -> None:
    """Print each headline count before, what each cause adds, and after."""
    from analysis import changes

    ends = [changes.headlines(edition) for edition in (before, after)]
    bridges = found[found["part"] == changes.PART]
    for name in changes.HEADLINES:
        was, now = (changes.as_shown(name, end[name]) for end in ends)
        steps = bridges[bridges["figure"] == name].to_dict("records")
        moved = ", ".join(f"{row['cause']}{_signed(name, row)}" for row in steps)
        print(f"  {name:<20}{was:>14} -> {now:<14}{moved}".rstrip())


def _signed(name: str, row: dict[str, Any]) -> str:
    """Give what a step adds to a headline count, or nothing where that is no number."""
    from analysis import changes

    if row["effect"] is None:
        return ""
    sign = "" if row["effect"] < 0 else "+" if row["effect"] else "\u00b1"
    return f" {sign}{changes.as_shown(name, row['effect'])}"


def _say_bands(found: pd.DataFrame) -> None:
    """Print the bands that moved, worst first, each with its causes."""
    bands = found[(found["part"] == "band") & (found["before"] != "") & (found["after"] != "")]
    moved = []
    for figure, steps in bands.groupby("figure", sort=False):
        effects = steps["effect"].tolist()
        by = sum(effects) if None not in effects else None
        causes = ", ".join(dict.fromkeys(steps["cause"]))
        went = f"{steps['before'].iloc[0]} -> {steps['after'].iloc[-1]}"
        moved.append((by is None, by or 0, f"  {str(figure).removesuffix(' band'):<14}{went:<22}{causes}"))
    print(f"Bands that moved: {len(moved)}.")
    for _, _, line in sorted(moved, key=lambda one: one[:2])[:MOST_LINES]:
        print(line)
    if len(moved) > MOST_LINES:
        print(f"  and {len(moved) - MOST_LINES} more: --csv FILE writes them all.")


def _say_causes(found: pd.DataFrame) -> None:
    """Print how many steps each cause has, by what they are steps of; the headline counts are told above."""
    from analysis import changes
    from analysis.vocabulary import Cause

    counted = found[found["part"] != changes.PART]
    figures = counted[["what", "figure", "part"]].drop_duplicates()
    print(f"Figures that differ: {len(figures)}.")
    for cause in Cause:
        by_what = Counter(counted.loc[counted["cause"] == cause, "what"])
        if by_what:
            each = ", ".join(f"{number} {'in' if what != 'totals' else 'in grant'} {what}" for what, number in by_what.items())
            print(f"  {cause!s:<16}{sum(by_what.values()):>5} {'step' if sum(by_what.values()) == 1 else 'steps'}: {each}")


def _say_residual(found: pd.DataFrame) -> None:
    """Print that every difference is explained, or which are not."""
    from analysis import changes

    if not changes.residual(found):
        print("Every difference is explained." if len(found) else "Nothing differs.")
        return
    amiss = found.loc[~found["explained"], "words"].tolist()
    print(f"Not explained: {len(amiss)} {'step' if len(amiss) == 1 else 'steps'}.")
    for words in amiss[:MOST_LINES]:
        print(f"  {words}")
    if len(amiss) > MOST_LINES:
        print(f"  and {len(amiss) - MOST_LINES} more: --csv FILE writes them all.")
