"""Data-quality expectations: a suite in expectations/*.json and a frame -> issues. The only door to Great Expectations."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Container
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import frames, libraries
from analysis.errors import FrameError, RegisterError
from analysis.reference import Registers
from analysis.vocabulary import SECTIONS, Band, Outcome, Severity, Stage

_SEVERITIES = {"critical": Severity.FAIL, "warning": Severity.ADVISORY, "info": Severity.INFO}
_NUMBER = "number"
_MANY = 10_000
"""From so many rows on, looking at them twice takes longer than being told more at once."""
_IN_SET, _NOT_IN_SET = "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"
_WITH_PLACES = {"result_format": "COMPLETE", "partial_unexpected_count": 0, "return_unexpected_index_query": False}
_ABOUT = ("returns", "cells", "issues", "replaced")


@dataclass(frozen=True)
class Answers:
    """
    What Great Expectations said of frames at earlier times.

    Attributes:
        folder: where the answers are.
        grows: whether what it says now is kept as well; not so for whoever only looks.
    """

    folder: Path
    grows: bool = True


def answers(data: Path, *, grows: bool = True) -> Answers:
    """Give the answers about a partnership's frames."""
    return Answers(data / "processed" / ".answers", grows)


def suites(folder: Path) -> dict[str, dict[str, Any]]:
    """
    Read every suite of a folder: frame name -> suite, as its JSON says.

    Raises:
        RegisterError: every suite that is not JSON, has no expectation, lacks a severity or notes, or is named for a
            frame that does not exist.
    """
    found: dict[str, dict[str, Any]] = {}
    problems = []
    for path in sorted(folder.glob("*.json")):
        try:
            suite = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as fault:
            problems.append(f"{path.name}: is not JSON ({fault})")
            continue
        if not isinstance(suite, dict) or not isinstance(suite.get("name"), str):
            problems.append(f"{path.name}: is not a suite with a name and expectations")
            continue
        expectations = suite.get("expectations", [])
        if path.stem not in frames.CONTRACTS:
            problems.append(f"{path.name}: there is no frame {path.stem!r}")
        if not expectations:
            problems.append(f"{path.name}: holds no expectation")
        for number, expectation in enumerate(expectations, start=1):
            if expectation.get("severity") not in _SEVERITIES:
                problems.append(f"{path.name}, expectation {number}: severity {expectation.get('severity')!r} is not one of {', '.join(_SEVERITIES)}")
            if not expectation.get("notes"):
                problems.append(f"{path.name}, expectation {number}: has no notes; they are what the report says")
        found[path.stem] = suite
    if problems:
        raise RegisterError(str(folder), problems, "Correct the suite and run again.")
    return found


def parameters(registers: Registers) -> dict[str, Any]:
    """Give what `$PARAMETER` stands for in the suites: the ids and words that registers and vocabulary allow."""
    return {
        "measure_ids": list(registers.measures["measure_id"]),
        "projects": list(registers.awards["project"]),
        "sections": list(SECTIONS),
        "bands_or_none": ["", *map(str, Band)],
        "least_actual": -100,
    }


def check_all(made: dict[str, pd.DataFrame], registers: Registers, folder: Path | None = None, answers: Answers | None = None) -> pd.DataFrame:
    """
    Hold each frame against its suite; frames without one pass.

    Args:
        made: name -> frame.
        registers: for the suites' parameters.
        folder: where the suites are; the project's own `expectations/` where None.
        answers: those of earlier times, so that a frame is not asked about twice; None to ask anew.

    Returns:
        Frame of the `ISSUES` contract.
    """
    known = suites(folder or Path(__file__).parent.parent / "expectations")
    given = parameters(registers)
    return frames.stack([_answer(made[name], suite, given, answers) for name, suite in known.items() if name in made], frames.ISSUES)


_MOST_ANSWERS = 600
"""So many answers are kept, the newest."""


def _answer(frame: pd.DataFrame, suite: dict[str, Any], given: dict[str, Any], answers: Answers | None) -> pd.DataFrame:
    """Give what `check` says; from an earlier time where frame, suite, parameters, this module and Great Expectations were the same to the byte."""
    if answers is None or frame.empty or len(frame) >= _MANY:
        return check(frame, suite, given)
    answer = answers.folder / f"{_question(frame, suite, given)}.json"
    with suppress(OSError, ValueError, AttributeError, FrameError):
        return frames.make(json.loads(answer.read_text(encoding="utf-8")), frames.ISSUES)
    found = check(frame, suite, given)
    if answers.grows:
        _keep(found, answer)
    return found


def _keep(found: pd.DataFrame, answer: Path) -> None:
    with suppress(OSError):  # a folder that cannot be written in: it is asked again next time
        answer.parent.mkdir(parents=True, exist_ok=True)
        beside = answer.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(frames.rows(found), ensure_ascii=False), encoding="utf-8")
        beside.replace(answer)
        for old in sorted(answer.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[_MOST_ANSWERS:]:
            old.unlink(missing_ok=True)


@cache
def _answering() -> str:
    """Give what answers: the libraries' versions, and the modules that put a question and word an answer."""
    libraries = [f"{name} {version(name)}" for name in ("great_expectations", "numpy", "pandas")]
    here = Path(__file__).parent
    modules = [Path(__file__), here / "vocabulary.py", *sorted((here / "frames").glob("*.py"))]
    return "\n".join([*libraries, *(path.read_text(encoding="utf-8") for path in modules)])


def _question(frame: pd.DataFrame, suite: dict[str, Any], given: dict[str, Any]) -> str:
    """Give the SHA-256 of all that an answer depends on."""
    asked = [_answering(), json.dumps([suite, given], sort_keys=True)]
    columns = [f"{name!r} {frame[name].tolist()!r}" for name in frame.columns.tolist()]
    return hashlib.sha256("\n".join([*asked, *columns]).encode("utf-8", "surrogatepass")).hexdigest()


def accepted(made: dict[str, pd.DataFrame], found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """
    Give the frames without the rows of returns that fail an expectation: such a return is held, the rest goes on.

    Args:
        made: name -> frame with the columns quarter and file; those about the files themselves stay whole.
        found: the issues that expectations gave.
    """
    held = held_files(found)
    return {name: frame if name in _ABOUT else frame[~_of(frame, held)].reset_index(drop=True) for name, frame in made.items()}


def hold(cells: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Give *cells* with every used cell of a held return quarantined."""
    caught = _of(cells, held_files(found)) & (cells["outcome"] == Outcome.USED)
    return cells.assign(
        outcome=cells["outcome"].mask(caught, Outcome.QUARANTINED.value), reason=cells["reason"].mask(caught, "the return fails an expectation")
    )


def _of(frame: pd.DataFrame, files: set[tuple[str, str]]) -> pd.Series:
    """Give which rows are of one of the (quarter, file) pairs."""
    return pd.Series([pair in files for pair in zip(frame["quarter"], frame["file"], strict=True)], index=frame.index, dtype=bool)


def held_files(found: pd.DataFrame) -> set[tuple[str, str]]:
    """Give the (quarter, file) of each return that fails an expectation."""
    fails = found[found["severity"] == Severity.FAIL]
    return set(zip(fails["quarter"], fails["file"], strict=True))


def check(frame: pd.DataFrame, suite: dict[str, Any], parameters: dict[str, Any]) -> pd.DataFrame:
    """
    Hold a frame against a suite.

    Args:
        frame: any frame with the columns quarter, file, sheet and row.
        suite: a suite in Great Expectations' own format; each expectation with `severity` and `notes`.
        parameters: what `{"$PARAMETER": name}` stands for.

    Returns:
        Frame of the `ISSUES` contract: one row for each value that is not as expected, with file, sheet and cell (the
        whole row, `12:12`, where the expectation is not about one figure). An empty frame has nothing to tell.

    Raises:
        RegisterError: an expectation that Great Expectations does not know, did not load, or could not run. It drops
            some of these in silence, so what was run is counted against what the suite holds.
    """
    if frame.empty:
        return frames.make([], frames.ISSUES)
    wanted = range(len(suite["expectations"])) if len(frame) >= _MANY else _to_be_told(frame, suite, parameters)
    results = [result.to_json_dict() for result in _validate(frame, suite, parameters, _WITH_PLACES, wanted)] if wanted else []
    for result in results:
        config = result["expectation_config"]
        config["type"] = suite["expectations"][config["meta"][_NUMBER]]["type"]
    problems = [_fault(result) for result in results if not result["result"] and not result["success"]]
    if len(results) != len(wanted):
        problems.append(f"{len(results)} of {len(wanted)} expectations were run")
    if problems:
        raise RegisterError(f"suite {suite['name']!r}", problems, "Correct the suite and run again.")
    places = [sorted(set(result["result"].get("unexpected_index_list") or [])) for result in results]
    failing = sorted({place for of_one in places for place in of_one})
    rows = dict(zip(failing, frames.rows(frame.iloc[failing]), strict=True))
    found = []
    for result, of_one in zip(results, places, strict=True):
        config = result["expectation_config"]
        found += [_issue(rows[place], config) for place in of_one]
        if not result["success"] and not of_one:
            found.append(_issue({"quarter": frame["quarter"].iloc[0], "file": "", "sheet": ""}, config))
    found.sort(key=lambda issue: (issue["file"], issue["sheet"], issue["cell"], issue["rule"]))
    return frames.make(found, frames.ISSUES)


def _to_be_told(frame: pd.DataFrame, suite: dict[str, Any], parameters: dict[str, Any]) -> list[int]:
    """Give the numbers of the expectations that fail, cannot be run, or may hold though some rows fail: whether is told in half the time of where."""
    results = _validate(frame, suite, parameters, "BOOLEAN_ONLY")
    if len(results) != len(suite["expectations"]):
        problem = f"{len(results)} of {len(suite['expectations'])} expectations were run"
        raise RegisterError(f"suite {suite['name']!r}", [problem], "Correct the suite and run again.")
    told = [result.expectation_config for result in results if not result.success or "mostly" in result.expectation_config.kwargs]
    return sorted(config.meta[_NUMBER] for config in told)


def _issue(row: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    column = config["kwargs"].get("column", "")
    column = column if f"{column}_cell" in row else column.removesuffix("_low").removesuffix("_high")  # an end of a range is its figure
    whole_row = f"{row['row']}:{row['row']}" if row.get("row") else ""
    typed = row.get(f"{column}_raw", row.get(column, ""))
    instead = repr(str(typed)) if column and typed else "nothing" if column else "otherwise"
    return {
        "quarter": row["quarter"], "file": row["file"], "sheet": row["sheet"], "cell": row.get(f"{column}_cell") or whole_row,
        "stage": Stage.ROW, "severity": _SEVERITIES[config["severity"]], "rule": config["type"].removeprefix("expect_").replace("_", " "),
        "message": f"{_named(row)}Expected: {config['notes']} Found {instead}.", "as_typed": typed,
    }  # fmt: skip


_NAMES = ("measure_id", "project", "indicator", "target", "outcome_measure", "organisation", "subject")


def _named(row: dict[str, Any]) -> str:
    """Say what a row is about, as far as it says so itself."""
    name = next((str(row[column]) for column in _NAMES if isinstance(row.get(column), str) and row[column].strip()), "")
    return f"{name[:60]}{'...' if len(name) > 60 else ''}. " if name else ""


def _fault(result: dict[str, Any]) -> str:
    told = result.get("exception_info") or {}
    parts = told.values() if told and all(isinstance(part, dict) for part in told.values()) else [told]
    message = next((str(part.get("exception_message")) for part in parts if part.get("exception_message")), "could not be run")
    return f"{result['expectation_config']['type']}: {message}"


def _validate(
    frame: pd.DataFrame, suite: dict[str, Any], parameters: dict[str, Any], told: str | dict[str, Any], numbers: Container[int] | None = None
) -> list[Any]:
    """Give what Great Expectations says of each expectation of a suite, or of those of some numbers; *told* is how much it says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batches = _batches()
        from great_expectations.core.expectation_suite import ExpectationSuite

        batch = batches.get_batch({"dataframe": _asked_about(frame, suite).reset_index(drop=True)})
        wanted = [
            _turned_round(expectation, frame, parameters) | {"meta": (expectation.get("meta") or {}) | {_NUMBER: number}}
            for number, expectation in enumerate(suite["expectations"])
            if numbers is None or number in numbers
        ]
        try:
            loaded = ExpectationSuite(name=suite["name"], expectations=wanted)
            _check_loaded(loaded, wanted, suite["name"])
            outcome = batch.validate(loaded, expectation_parameters=parameters, result_format=told)
        except RegisterError:
            raise
        except Exception as fault:  # noqa: BLE001 - GX raises families of its own for a type, argument or parameter it does not know
            said = " ".join(str(fault).split())[:300]
            raise RegisterError(f"suite {suite['name']!r}", [said], "Correct the suite and run again.") from None
        return list(outcome.results)


@cache
def _batches() -> Any:
    """Give the way by which Great Expectations is handed a frame; made once, as it writes its settings to YAML each time one is made."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    libraries.lighten()
    import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("frame").add_dataframe_asset("frame").add_batch_definition_whole_dataframe("frame")


def _asked_about(frame: pd.DataFrame, suite: dict[str, Any]) -> pd.DataFrame:
    """Give the columns that a suite names, as Great Expectations copies what it is given; all of them where it may ask for more."""
    kwargs = [expectation.get("kwargs", {}) for expectation in suite["expectations"]]
    if any("row_condition" in one for one in kwargs):
        return frame
    named = {name for one in kwargs for value in one.values() for name in (value if isinstance(value, list) else [value]) if isinstance(name, str)}
    return frame[[name for name in frame if name in named]]


_LONG = 1_000
"""From so many values on, Great Expectations takes longer to hand a set round than to look a column up in it."""


def _turned_round(expectation: dict[str, Any], frame: pd.DataFrame, parameters: dict[str, Any]) -> dict[str, Any]:
    """Give an expectation of values of a long set as the same one of the column's values that are not of it, which are few."""
    kwargs = expectation.get("kwargs", {})
    allowed = kwargs.get("value_set")
    allowed = parameters.get(allowed.get("$PARAMETER")) if isinstance(allowed, dict) else allowed
    if expectation["type"] != _IN_SET or kwargs.get("column") not in frame or not isinstance(allowed, list) or len(allowed) < _LONG:
        return expectation
    known = set(allowed)
    others = [value for value in frame[kwargs["column"]].dropna().unique().tolist() if value not in known]
    return expectation | {"type": _NOT_IN_SET, "kwargs": kwargs | {"value_set": others}}


def _check_loaded(loaded: Any, wanted: list[dict[str, Any]], name: str) -> None:
    """Refuse a suite of which something was dropped in silence."""
    known = {expectation.expectation_type for expectation in loaded.expectations}
    dropped = sorted({expectation["type"] for expectation in wanted} - known)
    problems = [f"{kind} is not an expectation that Great Expectations knows" for kind in dropped]
    if not problems and len(loaded.expectations) != len(wanted):
        problems = [f"{len(loaded.expectations)} of {len(wanted)} expectations were loaded"]
    if problems:
        raise RegisterError(f"suite {name!r}", problems, "Correct the types and run again.")
