"""The command chase: a plain text for each partner of whom something is still wanted."""

from __future__ import annotations

from argparse import Namespace

from analysis.cli.asked import day_of, examined, outputs_of, owed_of, quarter_of


def chase(asked: Namespace) -> int:
    """Write each partner a text about what it owes, and print who was written to, and who was not and why."""
    from analysis import folders, quarters
    from analysis.reports import chasing, open_report, slips

    quarter, on = quarter_of(asked), day_of(asked)
    made, registers = owed_of(asked, quarter, on)
    report = open_report(quarter, asked.data, made, protected=False)
    before = quarters.previous(quarter)
    known = before in folders.available(asked.data)
    last_time = slips.slips(open_report(before, asked.data, examined(asked, before, on)[0], protected=False)) if known else {}
    forms = asked.data / "forms" / quarter
    letters = chasing.letters(report, on, last_time, {path.name for path in forms.glob("*.xlsx")})
    folder = outputs_of(asked) / "chase" / quarter
    chasing.write(letters, folder)

    many = f"{len(letters)} {'letter' if len(letters) == 1 else 'letters'} in {folder}" if letters else "no letter"
    print(f"{quarters.label(quarter)}, on {on.isoformat()}: {many}")
    if registers.returns_owed.empty:
        print("Nobody has written which returns are owed: data/reference/returns_owed.csv (docs/registers.md).")
    for letter in letters:
        print(f"  {letter.name}.txt: {letter.partner}, {letter.says}" + (f"; attach {forms / letter.form}" if letter.form else ""))
    for partner, why in chasing.settled(report).items():
        print(f"  no letter: {partner}, {why}")
    return 0
