"""What a form says beside a figure -> the figure and its commentary: a reason for none, whether it may change, what is to be said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from analysis import values
from analysis.errors import UnreadableValue
from analysis.vocabulary import Reason, Severity, Stage

if TYPE_CHECKING:
    from analysis.cleansing.records import Findings, Record

PROMPTS = {"what_changed": "What changed", "why": "Why", "what_next": "What next", "who": "Who", "by_when": "By when"}
"""Field -> what a form asks for in it; the answers are the commentary, in this order."""
PROVISIONAL = "[p]"
_FIELDS = frozenset({"reason_for_none", *PROMPTS})
_ENDS = (".", "!", "?", ":", ";")


def told(record: Record, found: Findings) -> Record:
    """
    Give a record with its reason for none as its actual, where there is no other, and the answers to a form's prompts as its commentary.

    Args:
        record: one row of a performance return; its own entries stay in it, so that every cell is accounted for.
        found: to which is added what is said twice, or cannot be used.
    """
    if not _FIELDS & record.keys():
        return record
    return record | _actual(record, found) | _commentary(record, found)


def _actual(record: Record, found: Findings) -> Record:
    reason, actual = record.get("reason_for_none"), record["actual"]
    if not reason or not reason["text"].strip():
        return {}
    if not actual["text"].strip():
        if _reading(reason["text"]) is not None and _reason(reason["text"]) is None:
            message = f"{reason['raw']!r} stands under 'Reason for none' and is read as the figure, as there is none under 'Actual'. Move it there."
            found.add(reason, Stage.CELL, Severity.ADVISORY, "a reason is no figure", message)
        return {"actual": reason | {"field": "actual"}}
    same = _reason(actual["text"])
    if same is None or same != _reason(reason["text"]):
        both = f"{actual['raw']!r} in {actual['cell']} and a reason for none, {reason['raw']!r} in {reason['cell']}"
        what = "the figure" if same is None else "what stands under 'Actual'"
        found.add(reason, Stage.ROW, Severity.ADVISORY, "a figure or a reason, not both", f"gives both {both}: {what} counts. Clear one of the two.")
    return {}


def _reading(text: str) -> values.Reading | None:
    try:
        return values.read(text)
    except UnreadableValue:
        return None


def _reason(text: str) -> Reason | None:
    reading = _reading(text)
    return reading.reason if reading else None


def _commentary(record: Record, found: Findings) -> Record:
    answers = [(label, record[name]) for name, label in PROMPTS.items() if name in record and record[name]["text"].strip()]
    failed = [entry for _, entry in answers if _reason(entry["text"]) is Reason.FORMULA_ERROR]
    for entry in failed:
        found.add(
            entry, Stage.CELL, Severity.FAIL, "no formula error", f"{entry['raw']!r} is a formula error; what was to be said is not known. Say it in words."
        )
    found.quarantine(failed, "a formula error")
    own = record.get("commentary", {"text": "", "cell": ""})
    said = [_sentence(f"{label}: {entry['text'].strip()}") for label, entry in answers if entry not in failed]
    if not said:
        return {}
    first = own if own["text"].strip() else next(entry for _, entry in answers if entry not in failed)
    return {"commentary": first | {"field": "commentary", "text": " ".join(filter(None, (own["text"].strip(), *said)))}}


def _sentence(text: str) -> str:
    """
    Give an answer with a full stop behind it, where it ends in none, as others follow.

    >>> _sentence("Who: Ann"), _sentence("Why: who knows?")
    ('Who: Ann.', 'Why: who knows?')
    """
    return text if text.endswith(_ENDS) else f"{text}."


def marked(actual: values.Reading, record: Record, found: Findings) -> values.Reading:
    """Give a figure marked as one that may change where its form says so, and tell any other word than Yes."""
    entry: dict[str, Any] = record.get("provisional", {"text": ""})
    word = entry["text"].strip().casefold()
    if not word:
        return actual
    rule = "provisional is Yes or blank"
    if word != "yes":
        severity = Severity.INFO if word == "no" else Severity.ADVISORY
        found.add(entry, Stage.CELL, severity, rule, f"{entry['raw']!r} is not 'Yes': the figure is not taken as one that may change")
    elif not actual.known:
        found.add(entry, Stage.CELL, Severity.ADVISORY, rule, "'Yes', but there is no figure that may change")
    else:
        return replace(actual, markers=tuple(dict.fromkeys((*actual.markers, PROVISIONAL))))
    return actual
