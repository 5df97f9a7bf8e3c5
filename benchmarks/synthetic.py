"""Synthetic measure-quarters, the same for every engine: 40 quarters of as many measures as there is room for, from a fixed seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import frames, quarters

QUARTERS = 40
SEED = 20161
_EXACT = pa.decimal128(38, 6)
_FIRST = quarters.period("2009-10-Q1")
_KEYS = [quarters.key(_FIRST + place) for place in range(QUARTERS)]
_KINDS = ["quarter count", "rate", "snapshot", "cumulative", "rolling year", "survey", "not stated", "contextual"]
_KIND_SHARES = [0.25, 0.30, 0.20, 0.10, 0.05, 0.05, 0.04, 0.01]
_POLARITIES = ["higher", "lower", "in range", "none"]
_FORMS = ["figure", "range", "reduction", "year on year", "rank"]


@dataclass(frozen=True)
class Table:
    """The same rows twice: as an Arrow table for engines that begin with one, and as the frame that the workbook has."""

    arrow: pa.Table
    frame: pd.DataFrame


@dataclass(frozen=True)
class _Drawn:
    """Numbers of the rows, in thousandths where they are figures; -1 or a mask where there is none."""

    measure: np.ndarray
    quarter: np.ndarray
    text: dict[str, tuple[np.ndarray, list[str]]]
    figures: dict[str, tuple[np.ndarray, np.ndarray]]
    whole: dict[str, tuple[np.ndarray, np.ndarray]]
    annual: np.ndarray


def measure_quarters(rows: int) -> Table:
    """
    Give about *rows* measure-quarters of the `OBSERVATIONS` contract, quarter after quarter, as returns come in.

    Half of the measures are better higher. Of the targets 82% are one figure, others ranges, changes of -20%, ranks and year on
    year reductions; 5% are annual. Each figure has 0 to 2 decimals, three in a hundred are missing, one in ten lies exactly on an edge of a
    band, and a quarter of the percentages carry a numerator and denominator, of which some do not round to what is printed.
    """
    drawn = _draw(max(rows // QUARTERS, 1))
    return Table(_arrow(drawn), _frame(drawn))


def series(rows: int) -> pd.DataFrame:
    """Give `rows` points of integer series of 40 points each, for `trends.signals`: noise, with a step in every tenth series."""
    rng = np.random.default_rng(SEED + 1)
    many = max(rows // QUARTERS, 1)
    values = rng.normal(500, 25, (many, QUARTERS)).round().astype(np.int64)
    values[::10, QUARTERS // 2 :] += 60
    size = many * QUARTERS
    polarity = np.array(["higher", "lower"], dtype=object)[np.repeat(np.arange(many) % 2, QUARTERS)]
    return pd.DataFrame(
        {
            "series": np.repeat(np.arange(many), QUARTERS),
            "time": np.tile(np.arange(QUARTERS), many),
            "value": _held(values.ravel() * 1000, np.ones(size, dtype=bool)),
            "target": _held(np.repeat(rng.integers(400, 600, many), QUARTERS) * 1000, np.ones(size, dtype=bool)),
            "polarity": pd.Series(polarity, dtype=object),
            "counted": np.ones(size, dtype=bool),
        }
    )


def adjustments() -> pd.DataFrame:
    """Give a register of three breaks, of the shape of data/reference/adjustments.csv."""
    columns = ["measure_id", "what", "from_quarter", "until_quarter", "value", "author", "date", "reason"]
    breaks = [[f"Theme {number}", "break", "2013-14-Q2", "", "", "benchmark", "2013-09-30", "a new definition"] for number in (1, 7, 31)]
    return pd.DataFrame(breaks, columns=columns, dtype=object)


def coded(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the frame with its text columns as pandas' categories, the form that it has for words that repeat."""
    return frame.astype({name: "category" for name, holds in frames.OBSERVATIONS.columns.items() if holds == frames.TEXT})


def as_python(frame: pd.DataFrame) -> pd.DataFrame:
    """Give decimals as Python's own, gaps as None and words as text: what an analyst's frame holds."""
    arrow = [name for name in frame if isinstance(frame[name].dtype, pd.ArrowDtype)]
    words = {name: object for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    made = {name: pd.Series([None if pd.isna(value) else value for value in frame[name]], index=frame.index, dtype=object) for name in arrow}
    return frame.assign(**made).astype(words)


def plain(frame: pd.DataFrame, arrow: pa.Table) -> Table:
    """Give the rows with one target figure, its actual in the same unit, one way good and neither ratio nor join."""
    figures = frame[["target_low", "target_high", "actual"]].notna().all(axis=1) & (frame["target_low"] == frame["target_high"]).fillna(value=False)
    ordinary = (frame["target_rule"] == "") & (frame["target_unit"] == frame["actual_unit"]) & ~frame["target_annual"] & (frame["target_unit"] != "rank")
    ways = frame["polarity"].isin(["higher", "lower"]) & (frame["kind"] != "contextual") & frame["actual_numerator"].isna()
    chosen = (figures & ordinary & ways & (frame["target_low"] >= 0).fillna(value=False)).to_numpy(dtype=bool)
    return Table(arrow.filter(pa.array(chosen)), frame[chosen].reset_index(drop=True))


# ---------------------------------------------------------------- what is drawn


def _draw(measures: int) -> _Drawn:
    rng = np.random.default_rng(SEED)
    quarter, measure = np.repeat(np.arange(QUARTERS), measures), np.tile(np.arange(measures), QUARTERS)
    size = len(quarter)

    def each(choices: int, shares: list[float]) -> np.ndarray:
        return rng.choice(choices, size=measures, p=shares)[measure]

    polarity, kind, form = each(4, [0.50, 0.42, 0.06, 0.02]), each(8, _KIND_SHARES), each(5, [0.82, 0.06, 0.06, 0.03, 0.03])
    form = np.where(polarity == 2, 1, form)
    polarity = np.where(form == 2, 1, polarity)
    percent, decimals = rng.random(measures)[measure] < 0.6, each(3, [0.3, 0.4, 0.3])
    annual = rng.random(measures)[measure] < 0.05
    place = 1000 // 10**decimals  # the last printed place, in thousandths

    base = np.where(percent, rng.integers(5, 100, measures)[measure], rng.integers(1, 2000, measures)[measure]) * 1000
    low = np.where(form == 2, -20_000, _printed(base * rng.uniform(0.9, 1.1, size), place))
    high = np.where(form == 1, low + np.maximum(_printed(np.abs(low) * 0.1, place), place), low)
    edges = np.array([90, 95, 100, 105, 110])[rng.integers(0, 5, size)] / 100
    actual = _printed(low * np.where(rng.random(size) < 0.1, edges, rng.uniform(0.82, 1.18, size)), place)
    rank = form == 4
    low, high = np.where(rank, 12_000, low), np.where(rank, 20_000, high)
    has_target, has_actual = (rng.random(size) >= 0.03) & (form != 3), rng.random(size) >= 0.03

    has_ratio = percent & has_actual & (form != 2) & (rng.random(measures)[measure] < 0.25)
    bottom = rng.integers(50, 5000, size)
    top = np.rint(actual * bottom / 100_000).astype(np.int64) + np.where(rng.random(size) < 0.05, 7, 0)

    unit = np.where(rank, 2, np.where(percent, 0, 1))
    actual_unit = np.where(percent, 0, 1)
    actual_unit = np.where((rng.random(size) < 0.02), 1 - actual_unit, actual_unit)
    whole = {
        "actual_numerator": (top, has_ratio),
        "actual_denominator": (bottom, has_ratio),
        "actual_rank": (rng.integers(1, 33, size), rank & has_actual & (rng.random(size) < 0.95)),
        "actual_decimals": (decimals, has_actual),
        "target_decimals": (decimals, has_target),
    }
    missing = {name: (np.where(has, 0, 1), ["", "asked for and not known"]) for name, has in {"target_reason": has_target, "actual_reason": has_actual}.items()}
    text = {
        "measure_id": (measure, [f"Theme {number}" for number in range(measures)]),
        "quarter": (quarter, _KEYS),
        "polarity": (polarity, _POLARITIES),
        "kind": (kind, _KINDS),
        "policy": (np.zeros(size, dtype=np.int64), ["five-band"]),
        "target_unit": (unit, ["percent", "number", "rank"]),
        "actual_unit": (actual_unit, ["percent", "number"]),
        "target_rule": ((form == 3).astype(np.int64), ["", "year on year reduction"]),
        "published_status": (_published(rng, low, actual, polarity), ["HG", "LG", "A", "LR", "HR", ""]),
    } | missing
    single = has_target & (low == high)
    figures = {"target_low": (low, has_target), "target_high": (high, has_target), "target": (low, single)}
    figures |= dict.fromkeys(("actual", "actual_low", "actual_high"), (actual, has_actual))
    figures |= {"tolerance": (np.full(size, 500), rng.random(measures)[measure] < 0.2)}
    return _Drawn(measure, quarter, text, figures, whole, annual)


def _printed(figures: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Round to the last printed place."""
    return np.rint(figures / place).astype(np.int64) * place


def _published(rng: np.random.Generator, target: np.ndarray, actual: np.ndarray, polarity: np.ndarray) -> np.ndarray:
    """Give a status as a person might have printed it: by eye, seldom another, and none on some rows."""
    share = actual / np.where(target == 0, 1, target)
    share = np.where((polarity == 1) & (target >= 0), 2 - share, share)
    by_eye = 4 - np.searchsorted([0.9, 0.95, 1.0, 1.05], share, side="right")
    by_eye = np.where(rng.random(len(share)) < 0.03, rng.integers(0, 5, len(share)), by_eye)
    return np.where(rng.random(len(share)) < 0.85, by_eye, 5)


# ---------------------------------------------------------------- the two forms


def _decimals(thousandths: np.ndarray, known: np.ndarray) -> pa.Array:
    """Give an Arrow array of decimals of six places, put together from its 128-bit words."""
    words = np.empty((len(thousandths), 2), dtype="<i8")
    words[:, 0] = thousandths * 1000
    words[:, 1] = words[:, 0] >> 63
    there = pa.array(known).buffers()[1]
    return pa.Array.from_buffers(_EXACT, len(known), [there, pa.py_buffer(words.tobytes())])


def _held(thousandths: np.ndarray, known: np.ndarray) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([_decimals(thousandths, known)])))


def _arrow(drawn: _Drawn) -> pa.Table:
    columns = {
        name: pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words)).cast(pa.string()) for name, (codes, words) in drawn.text.items()
    }
    columns |= {name: _decimals(*figures) for name, figures in drawn.figures.items()}
    columns |= {name: pa.array(numbers, mask=~known) for name, (numbers, known) in drawn.whole.items()}
    return pa.table(columns | {"target_annual": pa.array(drawn.annual), "row": pa.array(np.arange(len(drawn.annual)))})


def _frame(drawn: _Drawn) -> pd.DataFrame:
    size = len(drawn.annual)
    columns: dict[str, object] = {}
    for name, holds in frames.OBSERVATIONS.columns.items():
        if name in drawn.text:
            codes, words = drawn.text[name]
            columns[name] = pd.Series(np.array(words, dtype=object)[codes], dtype=object)
        elif holds == frames.TEXT:
            columns[name] = pd.Series(np.full(size, "", dtype=object), dtype=object)
        elif holds == frames.EXACT:
            columns[name] = _held(*drawn.figures[name])
        elif holds == frames.WHOLE:
            numbers, known = drawn.whole.get(name, (np.arange(size), np.full(size, name == "row")))
            columns[name] = pd.Series(pd.arrays.IntegerArray(np.where(known, numbers, 0).astype(np.int64), ~known))
        else:
            columns[name] = drawn.annual
    return frames.check(pd.DataFrame(columns), frames.OBSERVATIONS)
