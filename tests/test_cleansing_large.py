"""Cleansing by columns: what is left alone, what is looked up once, and what is not looked for among very many names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cleansing, frames, reference
from analysis.cleansing.columns import cleaned
from analysis.cleansing.rules import SURE
from analysis.frames import Words

DATA = Path(__file__).resolve().parents[1] / "data"
SAME_EVERY_RUN = settings(derandomize=True, database=None, deadline=None)
TEXTS = st.text(alphabet="aZ£% .,-–12\u00a0\u200b\u0410\uff11\n", max_size=8)


def by_rules(raw: str, kind: str) -> tuple[str, str]:
    """Give what the rules make of one entry, and which did."""
    clean = cleansing.cleanse(frames.make([{"row": 1, "kind": kind, "raw": raw}], frames.ENTRIES))
    return clean["text"].iloc[0], clean["repairs"].iloc[0]


@settings(SAME_EVERY_RUN, max_examples=60)
@given(st.sampled_from(sorted(SURE)).flatmap(lambda kind: st.tuples(st.just(kind), st.from_regex(SURE[kind].replace("$", r"\Z")))))
def test_what_is_sure_to_be_clean_is_left_alone_by_every_rule(given_text: tuple[str, str]) -> None:
    """It skips no text that a rule would change."""
    kind, raw = given_text
    assert by_rules(raw, kind) == (raw, "")


@settings(SAME_EVERY_RUN, max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=6, unique=True), st.sampled_from(sorted(SURE)))
def test_a_column_is_cleansed_as_its_cells_are(texts: list[str], kind: str) -> None:
    """It gives each different text what the rules make of it and which rules did; a blank cell is an empty text."""
    column = cleaned(Words(np.arange(len(texts)), texts), kind)
    expected = [by_rules(text, kind) if text.strip() else ("", "") for text in texts]
    assert list(zip(column.text, column.repairs, strict=True)) == expected
    assert column.raw == [text if text.strip() else "" for text in texts]


def observed(measures: pd.DataFrame, **typed: str) -> cleansing.Cleansed:
    """Cleanse one record of a performance return."""
    where = {"quarter": "2016-17-Q2", "file": "a.csv", "row": 2, "form": "performance", "kind": "words"}
    entries = frames.make(
        [where | {"field": name, "raw": raw, "cell": f"{letter}2"} for letter, (name, raw) in zip("ABCDEF", typed.items(), strict=False)], frames.ENTRIES
    )
    return cleansing.build(frames.make([], frames.CELLS), entries, replace(reference.load(DATA), measures=measures))


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """Give a register of 5,001 measures."""
    one = reference.load(DATA).measures.iloc[0].to_dict()
    return pd.DataFrame([one | {"measure_id": f"Many {n}", "theme": "Many", "number": str(n), "measure": f"Title {n}"} for n in range(5001)], dtype=object)


def test_a_name_that_is_known_is_proposed_among_any_number(many: pd.DataFrame) -> None:
    """It proposes the measure of that very title, however many there are."""
    told = observed(many, theme="Many", number="9999", measure="title 12").issues["message"].iloc[0]
    assert "Is 'Title 12' meant?" in told


def test_a_name_like_another_is_not_looked_for_among_thousands(many: pd.DataFrame) -> None:
    """It proposes one that is nearly the same among 5,000 names, and none among more."""
    typed = {"theme": "Many", "number": "9999", "measure": "Titel 12"}
    few, more = (observed(measures, **typed).issues["message"].iloc[0] for measures in (many.iloc[:5000], many))
    assert "Is 'Title 12' meant?" in few
    assert "meant?" not in more


def test_the_register_is_taken_as_it_is_at_each_call(many: pd.DataFrame) -> None:
    """It looks up in the register that it is given, also after one that had another title for the same number."""
    typed = {"theme": "Many", "number": "1", "measure": "Title 1"}
    assert observed(many.iloc[:3], **typed).frames["observations"]["unit"].tolist() == [many["unit"].iloc[0]]
    other = many.iloc[:3].assign(unit="rank")
    assert observed(other, **typed).frames["observations"]["unit"].tolist() == ["rank"]
