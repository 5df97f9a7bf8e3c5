"""The command rescore: which bands would flip under another RAG policy."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from typing import Any

from analysis.cli.asked import examined, quarter_of
from analysis.errors import AskedWrongly


def rescore(asked: Namespace) -> int:
    """Print which bands would flip under another policy."""
    from analysis import quarters, reference, scoring, trends
    from analysis.reports import publication

    quarter = quarter_of(asked)
    known = list(dict.fromkeys(reference.load(asked.data).policies["policy"]))
    if asked.policy not in known:
        raise AskedWrongly(repr(asked.policy), ["is not a policy of the register"], f"There are {', '.join(known)}.")
    made, registers = examined(asked, quarter)
    accepted = made["observations"]
    observations = scoring.chosen(accepted, registers.adjustments)
    forecasts = trends.forecast(observations, registers.adjustments)
    found = scoring.flips(observations, registers.policies, asked.policy, forecasts)
    for of in quarters.shown(quarter):
        told = found[found["quarter"] == of].to_dict("records")
        named_only = [f"{row['band']} -> {row['band_then']}" for row in told if _colour(row["band"]) == _colour(row["band_then"])]
        print(f"{quarters.label(of)}: {len(told)} of {int((observations['quarter'] == of).sum())} measures would have another band under {asked.policy}.")
        for row in told:
            if _colour(row["band"]) != _colour(row["band_then"]):
                print(f"  {row['measure_id']:<14}{row['band'] or 'none':>5} -> {row['band_then'] or 'none':<5}{_why_none(row)} {row['measure']}")
        if named_only:
            print(f"  in name only: {', '.join(f'{flip} ({number})' for flip, number in sorted(Counter(named_only).items()))}")
    if asked.csv:
        asked.csv.write_text(publication.as_csv(found[found["quarter"].isin(quarters.shown(quarter))]), encoding="utf-8")
        print(f"Written to {asked.csv}.")
    return 0


def _colour(band: str) -> str:
    from analysis.vocabulary import Band

    return "" if not band else "green" if Band(band).green else "red" if Band(band).red else "amber"


def _why_none(row: dict[str, Any]) -> str:
    return f" ({row['reason_then']})" if row["reason_then"] else ""
