"""The command forms: one spreadsheet for each partner that owes returns for a quarter, filled in with what is known."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from analysis.cli.asked import key

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from analysis.reference import Registers
    from analysis.reports.forms import Unasked


def forms(asked: Namespace) -> int:
    """Write the form of each partner of a quarter, say where it lies and what changed since it was sent before, and name what nobody is asked for."""
    from analysis import quarters, reference
    from analysis.reports.forms import forms as filled_in
    from analysis.reports.forms import keeping

    quarter = key(asked.quarter)
    label = quarters.label(quarter)
    registers = reference.load(asked.data)
    made, unasked = filled_in(_earlier(asked.data, quarter, registers), registers, quarter)
    for form in made:
        written = keeping.write(form, asked.data)
        print(f"  {form.partner}: {'; '.join(f'{sheet.name}, {sheet.about}' for sheet in form.sheets)}")
        print(f"    {written.path}, {'due ' + form.due if form.due else 'no deadline stated'}{'' if written.anew else ', as it was'}")
        if written.told:
            print(f"    {written.told}.")
    for line in _said(unasked):
        print(line)
    if registers.returns_owed.empty:
        print("Nobody has written which returns are owed: data/reference/returns_owed.csv (docs/registers.md).")
    print(f"{label}: {len(made)} {'form' if len(made) == 1 else 'forms'} in {keeping.folder_of(asked.data, quarter)}" if made else f"{label}: no form is owed.")
    return 0


def _earlier(data: Path, quarter: str, registers: Registers) -> dict[str, pd.DataFrame]:
    """Give what was returned for the quarters before one; nothing where there are none."""
    from analysis import examination, expectations, folders, frames

    found = [of for of in folders.available(data) if of < quarter] if (data / "raw").is_dir() else []
    if not found:
        return {name: frames.make([], frames.CONTRACTS[name]) for name in ("observations", "awards", "milestones", "returns")}
    return examination.as_read(data, tuple(reversed(found)), registers, expectations.answers(data, grows=False))


def _said(unasked: list[Unasked]) -> list[str]:
    """Give what nobody is asked for, in a line for each reason."""
    from analysis.reports.forms.asking import NO_RETURN

    names: dict[tuple[str, str], list[str]] = {}
    for one in unasked:
        names.setdefault((one.what, one.why), []).append(one.name)
    return [
        f"Nobody is asked for {len(of)} {what if len(of) == 1 else what + 's'}: {why}{'' if why == NO_RETURN else ': ' + '; '.join(of)}."
        for (what, why), of in names.items()
    ]
