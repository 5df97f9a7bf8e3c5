"""The page that says what there is: reports, for whom, how final, what changed since the last run, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis import disclosure, quarters
from analysis.markup import Html, joined
from analysis.reports import headlines, sign_off
from analysis.reports.page import check, stylesheet
from analysis.reports.report import Audience, Report
from analysis.reports.wording import begin, count, listed, verb

_FORM = (
    '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'\">"
    '<title>{}: {}</title><style>{}</style></head><body class="index"><a class="skip" href="#content">Skip to the content</a><main id="content">'
    '<header class="front"><div><p class="eyebrow">{}</p><h1>Reports for {}</h1><p class="quarter">{}</p></div><dl><div><dt>Status</dt><dd>{}</dd></div></dl></header>'
    "{}</main></body></html>\n"
)


def index(report: Report, known: list[Audience], made: set[str], folder: Path, since: Sequence[str] = ()) -> str:
    """
    Give the index page of a published quarter.

    Args:
        report: the quarter, as everybody may see it.
        known: every audience there is.
        made: the names of those that have a page.
        folder: the folder being published, whose files are listed.
        since: what changed since the last run, a sentence each; none on a first run.
    """
    there = [audience for audience in known if audience.name in made and not disclosure.stands_apart(report.registers, audience.name)]
    without = [f"{audience.title} ({audience.report})" for audience in known if audience.name not in made and not audience.group]
    quiet = [audience.title for audience in known if audience.name not in made and audience.group]
    without += [f"the Management Groups {listed(quiet)}"] if quiet else []
    rows = [
        Html('<tr><th scope="row"><a href="{}.html"><strong>{}</strong></a></th><td>{}</td><td class="numbers">{} KB</td></tr>').format(
            audience.name, audience.title, audience.report, round((folder / f"{audience.name}.html").stat().st_size / 1000)
        )
        for audience in there
    ]
    pages = Html(
        '<div class="table-scroll"><table class="reports"><caption class="hidden">Reports of {}</caption><thead><tr><th scope="col">For</th><th scope="col">Report</th><th scope="col" class="numbers">Size</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(quarters.label(report.quarter), joined(rows))
    nothing = Html('<p class="unit">Nothing this quarter for {}.</p>').format("; ".join(without)) if without else ""
    parts = [
        Html("<section><h2>Reports</h2>{}{}{}</section>").format(_message(report), pages, nothing),
        Html("<section><h2>Since the last run that changed anything</h2>{}</section>").format(_since(since)),
        _files(folder),
        _sign_off(report),
        Html(
            '<section><h2>For analysts</h2><p>The executed notebooks are in <a href="notebooks/">notebooks/</a>; what went in and came out, with fingerprints, in <a href="manifest.json">manifest.json</a>.</p></section>'
        ),
    ]
    page = Html(_FORM).format(
        report.registers.language, report.registers.name, quarters.label(report.quarter), Html(stylesheet()), report.registers.name,
        quarters.label(report.quarter), quarters.months(report.quarter), sign_off.status(report), joined(parts),
    )  # fmt: skip
    return check(str(page), "index.html")


def _message(report: Report) -> Html:
    """Say in a sentence what the quarter's figures are about."""
    found = headlines.by_name(report)
    told = []
    if "scored" in found and int(found["scored"]["value"]):
        told.append(
            f"{found['met']['shown']} of {found['scored']['shown']} scored measures met their target, {found['red']['shown']} {verb(int(found['red']['value']), 'is', 'are')} red."
        )
    if "spent" in found and "awarded" in found:
        told.append(f"{found['spent']['shown']} of the {found['awarded']['shown']} awarded is known to be spent.")
    held = len(report.held)
    if held:
        told.insert(0, f"{count(held, 'problem').capitalize()} in the returns {verb(held, 'holds', 'hold')} figures back.")
    return Html('<p class="lead">{}</p>').format(" ".join(told)) if told else Html("")


def _since(since: Sequence[str]) -> Html:
    if not since:
        return Html("<p>Nothing has changed since the first run of the quarter here.</p>")
    return Html('<ul class="since-last">{}</ul>').format(joined([_of_cause(*each) for each in _by_cause(since)]))


_CAUSE = " Cause: "


def _by_cause(since: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Give each cause with what has it and no other, where the first of these stands; a sentence of several causes, or of none, by itself."""
    found: list[tuple[str, list[str]]] = []
    of_cause: dict[str, list[str]] = {}
    for sentence in since:
        said, _, cause = sentence.rpartition(_CAUSE)
        if not said or _CAUSE in said:
            found.append(("", [sentence]))
            continue
        if cause not in of_cause:
            found.append((cause, of_cause.setdefault(cause, [])))
        of_cause[cause].append(said)
    return found


def _of_cause(cause: str, said: list[str]) -> Html:
    """Give a list's item; what has one cause in common stands under it, so that it is said once."""
    if len(said) == 1:
        return Html("<li>{}</li>").format(said[0] + (_CAUSE + cause if cause else ""))
    each = joined([Html("<li>{}</li>").format(one) for one in said])
    return Html("<li>{} with the same cause, {}:<ul>{}</ul></li>").format(begin(count(len(said), "difference")), cause.removesuffix("."), each)


def _files(folder: Path) -> Html:
    pack = (
        Html('<p><a href="data-pack.xlsx"><strong>data-pack.xlsx</strong></a>: the tables as a workbook, one a sheet, with notes.</p>')
        if (folder / "data-pack.xlsx").is_file()
        else ""
    )
    about = Html(', described in <a href="data/datapackage.json">datapackage.json</a>') if (folder / "data" / "datapackage.json").is_file() else ""
    names = sorted(path.stem for path in (folder / "data").glob("*.csv"))
    items = joined([Html('<li><a href="data/{}.csv">{}.csv</a></li>').format(name, name) for name in names])
    return Html('<section><h2>Data</h2>{}<p>Every figure with the cell it came from, as CSV{}.</p><ul class="files">{}</ul></section>').format(
        pack, about, items
    )


def _sign_off(report: Report) -> Html:
    text = (
        "Whoever has read these reports and stands behind them writes a row in data/reference/sign_offs.csv: the quarter, a name, the day, and the fingerprint of "
        "what the reports were made of. The next run then says that they are final, for as long as no return and no register changes."
    )
    told = (
        Html("<code>{}</code>").format(sign_off.inputs(report))
        if sign_off.may_be_shown(report)
        else "said by the run alone, because a small number is held back"
    )
    return Html("<section><h2>Signing off</h2><p>{}</p><p>Fingerprint of these inputs: {}</p></section>").format(text, told)
