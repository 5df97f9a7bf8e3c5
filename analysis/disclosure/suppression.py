"""Small numbers: the frames as an audience may see them, with figures that could name a person held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis import frames, quarters
from analysis.disclosure.personal import text_columns
from analysis.disclosure.quoting import quotes
from analysis.disclosure.secrets import ABOUT, ANSWERS, FIELDS, QUOTED, SHOWN, Secrets, secrets
from analysis.reference import Registers
from analysis.vocabulary import FILLED_IN, Agreement, Band, Outlook, Reason, Travel

_HELD: dict[str, Any] = {"actual_reason": str(Reason.SUPPRESSED), "actual_markers": SHOWN, "actual_raw": SHOWN, "actual_repairs": ""} | dict.fromkeys(
    ("actual", "actual_low", "actual_high", "actual_numerator", "actual_denominator", "actual_rank", "actual_decimals")
)
_JUDGED: dict[str, Any] = {
    "band": "", "band_reason": str(Reason.SUPPRESSED), "bands_within_rounding": "", "agreement": str(Agreement.NOT_SCORED), "rule": "", "band_beyond": "",
    "fragile": "", "scored_actual": None, "scored_target": None, "variance": None, "to_edge": None,
}  # fmt: skip
"""What follows from a figure and its target: with the target, any of these bounds the figure."""
_BY_PLACE = ("quarter", "file", "sheet")


def protect(made: dict[str, pd.DataFrame], registers: Registers, audience: str = "") -> dict[str, pd.DataFrame]:
    """
    Give the frames as an audience may see them: small figures, and what would give them away, held back or rounded.

    The profile of each measure is the one in force (`in_force`): for the open files and every page beside them the strictest that
    anyone is held to; for a `restricted` audience its own. Figures under `suppress<k` are hidden as `counts` says, with as many
    more as `with_secondary` asks for. Of a hidden figure stay its target, its cell's address, and "[c]". Counts under
    `round5` are shown to the nearest 5, ties up, marked "[low]" where that makes nothing of something, and otherwise with the
    rounding named among the repairs: "[c]" would say that there is no figure. What is derived from either is held back.

    Args:
        made: name -> frame; `scores`, or `observations`, say what the figures are. Without both, whatever stands in performance
            returns of a protected measure, or of one that cannot be told, is held.
        registers: uses `disclosure`, `sums`, `measures`, `audiences`, `policies`.
        audience: whose page; blank for the open files.

    Returns:
        The same frames, without a row more. In the quarter of a hidden figure: actual, counts, band, variance, distance to another band,
        published status and directions; in other quarters the directions that compare with it, and bands that are judged against an
        earlier figure or a forecast. Texts that quote it, or how far it is from its target or from the quarters beside it, are held back
        whole, wherever they stand. Rows of its measure in process, variation, positions and commentary_checks are left out; year to date and
        forecasts are missing, "suppressed"; exceptions are left out of the quarter and keep only the band in others; the fingerprint of
        a file with a hidden figure is "[c]".
        A frame that is not known keeps all but such texts. With no profile but `none` the frames are given as they are.

    Source: domain.md 9.

    >>> from decimal import Decimal
    >>> from analysis.disclosure.example import example_registers
    >>> rows = [{"measure_id": "M1", "quarter": "2016-17-Q1", "actual_raw": "3", "actual": Decimal(3), "actual_unit": "number", "band": "HR"}]
    >>> made = protect({"scores": frames.make(rows, frames.SCORES)}, example_registers([("", "", "", "suppress<5")]))
    >>> made["scores"][["actual_raw", "actual", "band_reason"]].values.tolist()
    [['[c]', None, 'suppressed']]
    """
    known = secrets(made, registers, audience)
    if not known.protected:
        return dict(made)
    found = {}
    for name, frame in made.items():
        protected = _FRAMES[name](frame, known, registers) if name in _FRAMES and len(frame) else frame
        found[name] = _without_telling_texts(name, protected, known)
    return found


def _set(frame: pd.DataFrame, chosen: np.ndarray | pd.Series, to: Mapping[str, Any]) -> pd.DataFrame:
    """Give a frame with some columns, where it has them, set in the chosen rows."""
    chosen = np.asarray(chosen, dtype=bool)
    if not chosen.any():
        return frame
    changed = {}
    for column, value in to.items():
        if column in frame and pd.api.types.is_integer_dtype(frame[column].dtype):
            changed[column] = frame[column].mask(chosen, pd.NA if value is None else value)
        elif column in frame:
            changed[column] = pd.Series([value if at else old for at, old in zip(chosen, frame[column].tolist(), strict=True)], index=frame.index, dtype=object)
    return frame.assign(**changed)


def _where(frame: pd.DataFrame, names: tuple[str, ...], wanted: Any) -> np.ndarray:
    keys = zip(*(frame[name].tolist() for name in names), strict=True)
    return np.array([key in wanted for key in keys], dtype=bool)


def _scores(frame: pd.DataFrame, known: Secrets, registers: Registers) -> pd.DataFrame:
    key = ("measure_id", "quarter")
    touched, hidden = _where(frame, key, known.touched), _where(frame, key, known.hidden)
    made = _set(frame, hidden, _HELD)
    for of, (value, text) in known.rounded.items():
        row = _where(frame, key, {of})
        to_nothing = bool(value == 0) and any(old is not None and old != 0 for old in frame.loc[row, "actual"])
        exact: dict[str, Any] = dict.fromkeys(("actual_low", "actual_high"), value) | dict.fromkeys(("actual_numerator", "actual_denominator", "actual_rank"))
        made = _set(made, row, exact | {"actual": value, "actual_raw": text, "actual_markers": "[low]" if to_nothing else "", "actual_repairs": "rounded"})
    judged = touched | (frame["measure_id"].isin(known.measures).to_numpy() & _judged_by_others(frame, registers))
    made = _set(made, judged, _JUDGED)
    if "scored_polarity" in made:
        made = made.assign(scored_polarity=made["polarity"].where(judged, made["scored_polarity"]))
    made = _set(made, judged & (made["published_status"] != "").to_numpy(), {"published_status": SHOWN})
    after = {(measure_id, quarters.key(quarters.period(quarter) + far)) for measure_id, quarter in known.touched for far in (0, 1)}
    year_after = {(measure_id, quarters.key(quarters.period(quarter) + far)) for measure_id, quarter in known.touched for far in (0, 4)}
    made = _set(made, _where(frame, key, after), {"direction_short": str(Travel.UNKNOWN)})
    return _set(made, _where(frame, key, year_after), {"direction_long": str(Travel.UNKNOWN)})


def _judged_by_others(frame: pd.DataFrame, registers: Registers) -> np.ndarray:
    """Say which rows are judged against another quarter's figure, or by a forecast made from other quarters."""
    policies = frames.rows(registers.policies)
    looking_back = {row["policy"] for row in policies if row.get("against") == "year ago" or row.get("figure") == "forecast"}
    return np.asarray((frame["target_rule"] != "") | frame["policy"].isin(looking_back), dtype=bool)


def _cells(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    """Put what may be shown in place of what was typed, in cells and entries alike."""
    shown = [_instead(row, known) for row in frames.rows(frame)]
    changed = {
        column: pd.Series(
            [new if new is not None and old else old for new, old in zip(shown, frame[column].tolist(), strict=True)], index=frame.index, dtype=object
        )
        for column in ("raw", "stored", "text")
        if column in frame
    }
    return frame.assign(**changed)


def _instead(row: dict[str, Any], known: Secrets) -> str | None:
    place = tuple(row[name] for name in _BY_PLACE)
    if (shown := known.cells.get((*place, row["cell"]))) is not None:
        return shown
    if (measure := known.rows.get((*place, row["row"]))) is None:
        return None
    if row["field"] in FIELDS and row["raw"] in known.texts:
        return QUOTED
    beside = row["field"] in ANSWERS or row.get("reason") == FILLED_IN
    return QUOTED if beside and quotes(row["raw"], known.numbers[measure]) else None


def _receipts(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    its = frame["figure_id"].isin(known.figure_ids).to_numpy()
    at = _where(frame, (*_BY_PLACE, "cell"), known.cells)
    made = _set(_set(frame, its | at, {"rule": str(Reason.SUPPRESSED)}), at, {"repairs": ""})
    places = zip(*(frame[name].tolist() for name in (*_BY_PLACE, "cell")), strict=True)
    shown = [known.cells.get(place) for place in places]
    return _returns(made, known, _).assign(
        **{
            column: pd.Series([old if new is None else new for new, old in zip(shown, made[column].tolist(), strict=True)], index=frame.index, dtype=object)
            for column in ("as_typed", "read_as")
        }
    )


def _issues(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    at = _where(frame, (*_BY_PLACE, "cell"), known.cells)
    sheets = {place[:3] for place in known.cells}
    telling = [known.tells_in_sheet(row) if tuple(row[name] for name in _BY_PLACE) in sheets else known.tells(row["message"]) for row in frames.rows(frame)]
    made = _set(frame, at | np.array(telling, dtype=bool), {"message": ABOUT})
    for column in ("as_typed", "read_as"):
        made = _set(made, (at | np.array(telling, dtype=bool)) & (frame[column] != "").to_numpy(), {column: SHOWN})
    return made


def _returns(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    """Hold the fingerprint of a file with a hidden figure: whoever rebuilds the file with each small number in turn finds the one that fits."""
    return _set(frame, _where(frame, ("quarter", "file"), {place[:2] for place in known.cells}), {"sha256": SHOWN})


def _left_out(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    its = frame["series_id"].where(frame["what"] != "monthly", "") if "series_id" in frame else frame["measure_id"]
    return frame[~its.isin(known.measures)].reset_index(drop=True)


def _blank(**to: Any) -> Callable[[pd.DataFrame, Secrets, Registers], pd.DataFrame]:
    return lambda frame, known, _: _set(frame, frame["measure_id"].isin(known.measures), to)


def _exceptions(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    """Leave out what is there because of a hidden figure; of its measure in other quarters keep the band, and count the ranks anew."""
    its = frame["measure_id"].isin(known.measures).to_numpy()
    of_hidden = _where(frame, ("measure_id", "quarter"), known.touched) | _where(frame, ("measure_id", "band_quarter"), known.touched)
    gone = of_hidden | (its & ~frame["band"].isin(list(Band)).to_numpy())
    made = _set(frame, its & ~gone, {"standing": None, "moving": ""})
    words = [Band(band).words if told else reasons for told, band, reasons in zip(its & ~gone, made["band"], made["reasons"], strict=True)]
    made = made.assign(reasons=pd.Series(words, index=made.index, dtype=object))[~gone].reset_index(drop=True)
    return made.assign(rank=made.groupby("quarter")["rank"].rank("dense").astype("Int64")) if len(made) else made


def _grades(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    at = frame["figure_id"].isin(known.figure_ids).to_numpy() | _where(frame, (*_BY_PLACE, "cell"), known.cells)
    return _set(frame, at, {"why": ABOUT})


def _revised(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    """Hold every revision of a protected measure: the figure before may be small where the one after is not."""
    its = frame["measure_id"].isin(known.protected)
    held = {"was_raw": SHOWN, "now_raw": SHOWN, "band_was": "", "band_now": "", "was": None, "now": None, "reason": ABOUT}
    return _set(frame, its, held)


def _replaced(frame: pd.DataFrame, known: Secrets, _: Registers) -> pd.DataFrame:
    was = ("quarter", "was_file", "was_sheet", "was_cell")
    at = _where(frame, (*_BY_PLACE, "cell"), known.cells) | _where(frame, was, known.cells)
    of_measure = [any(name in record.casefold() for names in known.names.values() for name in names) for record in frame["record"]]
    return _set(frame, at | np.array(of_measure, dtype=bool), {"was_raw": SHOWN, "now_raw": SHOWN, "reason": ABOUT})


_FRAMES: dict[str, Callable[[pd.DataFrame, Secrets, Registers], pd.DataFrame]] = {
    "scores": _scores, "observations": _scores, "returns": _returns, "cells": _cells, "entries": _cells, "receipts": _receipts, "issues": _issues,
    "process": _left_out, "variation": _left_out, "positions": _left_out, "commentary_checks": _left_out, "exceptions": _exceptions,
    "year_to_date": _blank(year_to_date=None, known_part=None, reason=str(Reason.SUPPRESSED)),
    "forecasts": _blank(forecast=None, low=None, high=None, outlook=str(Outlook.NOT_SAID), method="", reason=str(Reason.SUPPRESSED)),
    "grades": _grades, "revised": _revised, "replaced": _replaced,
}  # fmt: skip


def _without_telling_texts(name: str, frame: pd.DataFrame, known: Secrets) -> pd.DataFrame:
    """Give a frame with every text held back that quotes a hidden figure, in whatever column it stands."""
    changed = {}
    for column in text_columns(name, frame):
        words = frames.coded(frame[column])
        telling = {text for text in words.names if isinstance(text, str) and known.tells(text)}
        if telling:
            changed[column] = pd.Series([QUOTED if text in telling else text for text in frame[column].tolist()], index=frame.index, dtype=object)
    return frame.assign(**changed) if changed else frame
