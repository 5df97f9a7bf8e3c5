"""The five-band rule for polars and for DuckDB, whole and exact: every comparison is of whole numbers, cross-multiplied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa

_THOUSANDTHS = 1000
"""Figures here have at most two decimals, and half of the last of these makes three: in thousandths all are whole."""


# ---------------------------------------------------------------- polars


def polars_frame(arrow: pa.Table) -> pl.DataFrame:
    """Give the rows as polars holds them."""
    return pl.from_arrow(arrow).rechunk()  # type: ignore[union-attr, return-value]


def polars_bands(rows: pl.DataFrame) -> pl.Series:
    """
    Give the band of each row, lazily.

    polars keeps six places in a product of decimals, rounding the rest away; so figures are taken as 64-bit whole
    thousandths, and every side of a comparison is multiplied out. The largest product is of a year-on-year comparison,
    numerator x 100 x 1000 x denominator x 22, below 6 x 10^16 here.
    """
    col = pl.col
    lazy = rows.lazy().with_columns(*_thousandths("actual", "target_low", "target_high")).with_columns(_figure_top(), _figure_bottom())
    ruled = col("target_rule") != ""
    others = _polars_whole(lazy.filter(~ruled)).select("row", "band")
    ordinal = col("quarter").str.slice(0, 4).cast(pl.Int32) * 4 + col("quarter").str.slice(9, 1).cast(pl.Int32)
    now = lazy.filter(ruled).with_columns(ordinal.alias("time"))
    ago = lazy.filter(col("actual").is_not_null()).select(
        "measure_id", (ordinal + 4).alias("time"), col("top").alias("t_top"), col("bottom").alias("t_bottom"), col("actual_unit").alias("t_unit")
    )
    joined = now.join(ago.join(now.select("measure_id").unique(), on="measure_id", how="semi"), on=["measure_id", "time"], how="left")
    higher = col("target_rule") == "year on year increase"
    sound = (
        col("actual").is_not_null()
        & col("t_top").is_not_null()
        & (col("actual_unit") == col("t_unit"))
        & (col("polarity") != "none")
        & (col("kind") != "contextual")
        & ~_early()
    )
    year_on_year = joined.with_columns(left=col("top") * col("t_bottom"), right=col("t_top") * col("bottom"))
    year_on_year = year_on_year.select("row", band=pl.when(~sound).then(pl.lit("")).otherwise(_five(higher)))
    return pl.concat([others, year_on_year]).sort("row").collect(engine="streaming")["band"]


def polars_plain(rows: pl.DataFrame) -> pl.Series:
    """Give the bands of rows with one target figure, higher or lower."""
    figures = [pl.col(name).to_physical().alias(out) for name, out in (("actual", "left"), ("target_low", "right"))]
    narrow = [figure.cast(pl.Int64) for figure in figures]
    return rows.lazy().select("polarity", *narrow).select(band=_five(pl.col("polarity") == "higher")).collect()["band"]


def _thousandths(*names: str) -> list[pl.Expr]:
    return [pl.col(name).to_physical().cast(pl.Int64) // _THOUSANDTHS for name in names]


def _figure_exact() -> pl.Expr:
    """Say whether numerator and denominator round to what is printed: |ratio - actual| <= half of its last place."""
    top, bottom, actual = pl.col("actual_numerator"), pl.col("actual_denominator"), pl.col("actual")
    half = pl.col("actual_decimals").replace_strict({0: 500, 1: 50, 2: 5}, default=500, return_dtype=pl.Int64)
    times = pl.when(pl.col("actual_unit") == "percent").then(100 * _THOUSANDTHS).otherwise(_THOUSANDTHS)
    return ((bottom != 0) & ((top * times - actual * bottom).abs() <= half * bottom)).fill_null(value=False)


def _figure_top() -> pl.Expr:
    times = pl.when(pl.col("actual_unit") == "percent").then(100 * _THOUSANDTHS).otherwise(_THOUSANDTHS)
    return pl.when(_figure_exact()).then(pl.col("actual_numerator") * times).otherwise(pl.col("actual")).alias("top")


def _figure_bottom() -> pl.Expr:
    return pl.when(_figure_exact()).then(pl.col("actual_denominator")).otherwise(1).alias("bottom")


def _early() -> pl.Expr:
    return pl.col("target_annual") & ~pl.col("quarter").str.ends_with("Q4")


def _polars_whole(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Band rows whose target is given: as a rank, a range, a change or one figure."""
    col = pl.col
    top, bottom, low, high = col("top"), col("bottom"), col("target_low"), col("target_high")
    rank, in_range, higher = col("target_unit") == "rank", col("polarity") == "in range", col("polarity") == "higher"
    spread = low != high
    below = top < low * bottom
    reduction = ~rank & ~in_range & ~spread & (low < 0)
    goal = pl.when(rank).then(high).when(in_range).then(pl.when(below).then(low).otherwise(high)).when(spread & ~higher).then(high).otherwise(low)
    sign = pl.when(reduction).then(-1).otherwise(1)
    gap = (col("polarity") == "none") | (col("kind") == "contextual") | _early() | col("actual").is_null() | low.is_null()
    gap |= pl.when(rank).then(col("actual_rank").is_null()).otherwise(col("target_unit") != col("actual_unit"))
    met = ~rank & (in_range | (spread & higher)) & (top >= low * bottom) & (top <= high * bottom)
    up = ~rank & pl.when(in_range).then(below).otherwise(higher | reduction)
    left = pl.when(rank).then(col("actual_rank") * _THOUSANDTHS).otherwise(top * sign)
    right = pl.when(rank).then(goal).otherwise(goal * sign * bottom)
    ready = rows.select("row", gap=gap, met=met, up=up, left=left, right=right)
    return ready.select("row", band=pl.when(col("gap")).then(pl.lit("")).when(col("met")).then(pl.lit("G")).otherwise(_five(col("up"))))


def _five(higher: pl.Expr) -> pl.Expr:
    """Give the five bands of left against right."""
    left, right = pl.col("left") * 20, pl.col("right")
    up = pl.when(left >= right * 21).then(pl.lit("HG")).when(left >= right * 20).then(pl.lit("LG"))
    up = up.when(left >= right * 19).then(pl.lit("A")).when(left >= right * 18).then(pl.lit("LR")).otherwise(pl.lit("HR"))
    down = pl.when(left <= right * 19).then(pl.lit("HG")).when(left <= right * 20).then(pl.lit("LG"))
    down = down.when(left <= right * 21).then(pl.lit("A")).when(left <= right * 22).then(pl.lit("LR")).otherwise(pl.lit("HR"))
    return pl.when(higher).then(up).otherwise(down)


# ---------------------------------------------------------------- DuckDB

_FIVE = """
    CASE WHEN {up} THEN CASE WHEN l * 20 >= r * 21 THEN 'HG' WHEN l >= r THEN 'LG' WHEN l * 20 >= r * 19 THEN 'A' WHEN l * 20 >= r * 18 THEN 'LR' ELSE 'HR' END
         ELSE CASE WHEN l * 20 <= r * 19 THEN 'HG' WHEN l <= r THEN 'LG' WHEN l * 20 <= r * 21 THEN 'A' WHEN l * 20 <= r * 22 THEN 'LR' ELSE 'HR' END END
"""

_WHOLE = f"""
CREATE OR REPLACE TABLE banded AS
WITH whole AS (
    SELECT * REPLACE ((actual * 1000)::BIGINT AS actual, (target_low * 1000)::BIGINT AS target_low, (target_high * 1000)::BIGINT AS target_high),
        CASE WHEN actual_unit = 'percent' THEN 100000 ELSE 1000 END AS scale,
        CASE actual_decimals WHEN 2 THEN 5 WHEN 1 THEN 50 ELSE 500 END AS half,
        target_annual AND right(quarter, 2) <> 'Q4' AS early
    FROM observations
), tested AS (
    SELECT *, coalesce(actual_denominator <> 0 AND abs(actual_numerator * scale - actual * actual_denominator) <= half * actual_denominator, false) AS exact
    FROM whole
), figures AS (
    SELECT *, CASE WHEN exact THEN actual_numerator * scale ELSE actual END AS top, CASE WHEN exact THEN actual_denominator ELSE 1 END AS bottom
    FROM tested
), given AS (
    SELECT *, target_unit = 'rank' AS ranked, polarity = 'in range' AS ranging, polarity = 'higher' AS higher, target_low <> target_high AS spread,
        top < target_low * bottom AS below
    FROM figures WHERE target_rule = ''
), compared AS (
    SELECT row, higher, ranked, ranging, below,
        NOT ranked AND NOT ranging AND NOT spread AND target_low < 0 AS reduction,
        polarity = 'none' OR kind = 'contextual' OR early OR actual IS NULL OR target_low IS NULL
            OR CASE WHEN ranked THEN actual_rank IS NULL ELSE target_unit <> actual_unit END AS gap,
        NOT ranked AND (ranging OR (spread AND higher)) AND top >= target_low * bottom AND top <= target_high * bottom AS met,
        CASE WHEN ranked THEN actual_rank * 1000 WHEN reduction THEN -top ELSE top END AS l,
        CASE WHEN ranked THEN target_high WHEN reduction THEN -target_low * bottom
             WHEN (ranging AND NOT below) OR (NOT ranging AND spread AND NOT higher) THEN target_high * bottom ELSE target_low * bottom END AS r
    FROM given
), yearly AS (
    SELECT now.row, now.target_rule = 'year on year increase' AS up,
        now.polarity = 'none' OR now.kind = 'contextual' OR now.early OR now.actual IS NULL OR ago.actual IS NULL OR now.actual_unit <> ago.actual_unit AS gap,
        now.top * ago.bottom AS l, ago.top * now.bottom AS r
    FROM figures AS now LEFT JOIN figures AS ago
        ON ago.measure_id = now.measure_id AND right(ago.quarter, 1) = right(now.quarter, 1)
        AND left(ago.quarter, 4)::INTEGER + 1 = left(now.quarter, 4)::INTEGER
    WHERE now.target_rule <> ''
)
SELECT row, CASE WHEN gap THEN '' WHEN met THEN 'G' ELSE {_FIVE.format(up="NOT ranked AND CASE WHEN ranging THEN below ELSE higher OR reduction END")} END AS band FROM compared
UNION ALL
SELECT row, CASE WHEN gap THEN '' ELSE {_FIVE.format(up="up")} END AS band FROM yearly
"""  # noqa: S608 - put together from the constant above

_PLAIN = f"""
CREATE OR REPLACE TABLE banded AS
WITH figures AS (SELECT row, polarity, (actual * 1000)::BIGINT AS l, (target_low * 1000)::BIGINT AS r FROM plain)
SELECT row, {_FIVE.format(up="polarity = 'higher'")} AS band FROM figures
"""  # noqa: S608 - the same


def duckdb_tables(observations: pa.Table, plain: pa.Table) -> duckdb.DuckDBPyConnection:
    """Give a connection whose own tables hold the rows."""
    connection = duckdb.connect()
    for name, arrow in {"observations": observations, "plain": plain}.items():
        connection.register("given", arrow)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608 - the two names above
        connection.unregister("given")
    return connection


def duckdb_bands(connection: duckdb.DuckDBPyConnection) -> None:
    """
    Put the band of each row into the table `banded`.

    A product of decimals of 38 digits may not fit DuckDB's decimals, so figures are taken as BIGINT thousandths, in which
    DuckDB says when a product overflows; every side of a comparison is multiplied out.
    """
    connection.execute(_WHOLE)


def duckdb_plain(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the bands of rows with one target figure, higher or lower, into the table `banded`."""
    connection.execute(_PLAIN)


def duckdb_banded(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Give what was put into `banded`, in the order of the rows."""
    return [band for (band,) in connection.execute("SELECT band FROM banded ORDER BY row").fetchall()]
