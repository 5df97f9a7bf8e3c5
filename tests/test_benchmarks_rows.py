"""The benchmark of rows: both engines give the same of the same rows, and the rows are those that it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import rows


@pytest.mark.parametrize("kind", rows.KINDS)
def test_both_engines_agree(kind: str) -> None:
    """It holds rows, figures, cells and issues of the two against each other, and finds them the same."""
    rows._agree(25_000, kind)


def test_what_differs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops, and names the rows, where one engine leaves out a file."""
    engine = rows.ENGINES["plain pandas"]
    monkeypatch.setitem(rows.ENGINES, "plain pandas", lambda files, registers: engine(files[:1], registers))
    monkeypatch.setattr(rows, "MEASURES", 21_000)
    with pytest.raises(SystemExit, match="do not agree on rows"):
        rows._agree(42_000)


def test_the_rows_are_the_same_every_time(tmp_path: Path) -> None:
    """It writes the same bytes from the same seed, a file a quarter."""
    written = [rows.write(tmp_path / name, 200) for name in ("one", "two")]
    assert [quarter for quarter, _ in written[0]] == ["2009-10-Q1"]
    assert written[0][0][1].read_bytes() == written[1][0][1].read_bytes()
    assert len(written[0][0][1].read_text(encoding="utf-8").splitlines()) == 204
