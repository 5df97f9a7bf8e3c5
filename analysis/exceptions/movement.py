"""What commentary says of the way a measure went, and where the figures plainly went another."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from analysis import quarters
from analysis.exceptions.wording import MONTH, plain
from analysis.vocabulary import Polarity, Travel

_WORDS = {
    "better": r"improv(?:ed|ing|es?)|better",
    "worse": r"wors(?:e|ened|ening)|deteriorat(?:ed|ing|es?)",
    "up": r"increas(?:ed|ing|es?)|rose|ris(?:en|ing|es?)|gr[eo]w(?:n|ing|s)?|higher|(?:gone|went|go(?:es|ing)?) up",
    "down": (
        r"(?:de|re)creas(?:ed|ing|es?)|fell|fall(?:en|ing|s)?|dropp(?:ed|ing)|drops?|reduc(?:ed|ing|es?)"
        r"|lower|declin(?:ed|ing|es?)|(?:gone|went|go(?:es|ing)?) down"
    ),
    "same": r"(?:remain(?:s|ed)?|stay(?:s|ed)?|is|are|was|were|been) (?:the same|unchanged)|not changed|unchanged",
}
_NOUNS = {
    "better": "improvements?",
    "worse": "deterioration|worsening",
    "up": "increases?|rise",
    "down": "decreases?|reductions?|fall|drop|decline",
    "same": "change",
}
_KIND = tuple((kind, re.compile(rf"(?i)(?:{pattern})")) for table in (_WORDS, _NOUNS) for kind, pattern in table.items())
_VERB = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(_WORDS.values())})(?!\w)")
_NOUN = re.compile(
    r"(?i)^(?:(?:but|and|although|while|whilst|however|overall|so) )*(?:there (?:has|have|was|is) (?:been )?)?(?P<no>no |not been )?(?:an? |some )?"
    rf"(?P<how>(?:\w+ly )?(?:(?:slight|small|marginal|minor|significant|further|steady|continued|large|big|sharp|modest|overall|real) )*)"
    rf"(?P<noun>{'|'.join(_NOUNS.values())})(?: in (?P<subject>.+?))?(?P<tail>(?: (?:from|to|by|since|on|over|during|this|compared|against|between)(?!\w).*)?)$"
)
_SENTENCES = re.compile(r"(?<=[.!?]) +|[\n;]")
_CLAUSES = re.compile(
    r",(?![0-9])|[:()]| - | (?=(?:but|and|while|whilst|although|though|however|which|because|due to|owing to|so|despite|following|if|when"
    r"|unless|until|once|where|as|with) )"
)

_GENERIC = {"performance", "figure", "outturn", "result", "indicator", "measure", "score", "rate", "percentage", "proportion", "number"}
_ABOUT_WORTH = {"performance", "score", "result", "outturn", "indicator", "measure"}
_FILLERS = {
    "a", "an", "the", "our", "this", "that", "these", "of", "for", "in", "on", "against", "overall", "general", "current", "latest", "is", "s", "but",
    "and", "although", "though", "while", "whilst", "however", "so", "yet", "also", "again", "quarter", "quarterly", "total", "both", "here", "area",
}  # fmt: skip
_AUXILIARIES = {
    "has", "have", "is", "are", "was", "were", "been", "also", "again", "now", "still", "slightly", "marginally", "significantly", "steadily",
    "further", "considerably", "continues", "continued", "continue", "to", "being", "got", "become", "both", "clearly", "very", "much",
}  # fmt: skip
_NEGATIONS = {"not", "never", "hasnt", "havent", "isnt", "arent", "wasnt", "werent", "didnt", "did"}
_SLIGHT = re.compile(
    r"(?i)(?<!\w)(?:slight(?:ly)?|marginal(?:ly)?|small|minor|broadly|largely|roughly|relatively|fairly|almost|nearly|about|more or less"
    r"|virtually|similar)(?!\w)"
)
_TIME = (
    r"(?:(?:the|this|in|at|end of|that of|that in) )*"
    r"(?:(?:last|previous|prior|preceding|same) .*|q[1-4].*|quarter.*|a year .*|12 months .*|this time .*|20[0-9]{2}.*|period.*|year.*"
    r"|(?:second|third|fourth) quarter.*)"
)
_AMOUNT = r"(?:(?:about|around|over|nearly|almost|just|under|approximately) )*(?:[£0-9]|half|a (?:third|quarter|half)).*"
_TAIL = re.compile(
    r"(?i)^(?: (?:slightly|marginally|significantly|steadily|further|again|considerably|sharply|overall|year[- ]on[- ]year|too|also))*"
    rf"(?:| (?:since|than|on|with|against|compared (?:to|with)|over|from|to|in|during|for) {_TIME}|(?: this quarter| this year).*| (?:from|to|by|at) {_AMOUNT}"
    r"| for this (?:measure|indicator|quarter).*)$"
)
_OTHER_TIME = re.compile(
    rf"(?i)(?-i:{MONTH})|(?<!\w)(?:baseline|historic\w*|forecast|project(?:ed|ion)|predicted|initially|first|earlier|previously|had|would"
    rf"|could|should|may|might|year to date"
    r"|months?(?! ago)|monthly|weeks?|weekly|daily|today|recent(?:ly)?|usually|normally|typically|seasonal\w*|years(?! ago)|end of|start of"
    r"|beginning of|expect\w*|if|unless|hop(?:e|ed|ing))(?!\w)"
)
_OTHER_THING = re.compile(
    r"(?i)(?<!\w)(?:targets?|averages?|national(?:ly)?|england|neighbours?|boroughs?|peers?|benchmark|rank(?:ed|ing|s)?|some|most|areas"
    r"|parts?|certain|among|other|others|than expected"
    r"|as (?:much|quickly|fast|expected|hoped)|enough|sufficient(?:ly)?|significant(?:ly)?(?= enough)|only|except|exclud\w+|where)(?!\w)"
)
_THEN = r"(?:than|since|on|from|with|to|against|over)(?: (?!end)\w+){0,4}? "
_SHORT = re.compile(rf"(?i){_THEN}?(?:the )?(?:last|previous|prior|preceding) (?:quarter|qtr)|quarter before|this quarter|quarter[- ]on[- ]quarter")
_LAST_QUARTER = re.compile(rf"(?i){_THEN}(?:last|previous|prior|preceding) (?:quarter|qtr)|quarter before|quarter[- ]on[- ]quarter")
_LONG = re.compile(
    rf"(?i){_THEN}(?:last|previous|prior|preceding) year|a year (?:ago|before|earlier)|12 months ago|year[- ]on[- ]year|this time last year"
    rf"|same (?:quarter|period) (?:of |in )?(?:the )?last year"
)
_VAGUE = re.compile(r"(?i)(?:last|previous|prior|preceding) (?:quarter|qtr|year)")
_QUARTER = re.compile(r"(?i)(?P<then>(?:since|from|than|with|to|on|against|over) )?(?<!\w)(?:q|qtr |quarter )(?P<number>[1-4])(?!\w)(?! last year)")
_YEAR = re.compile(r"(?<![\w£.,])((?:199|20[0-9])[0-9])([/-][0-9]{2,4})?(?![\w%])")
_OPPOSITE = {"better": "worse", "worse": "better", "up": "down", "down": "up"}
_AGAINST = {"better": {"worse", "down"}, "worse": {"better", "up"}, "up": {"worse", "down"}, "down": {"better", "up"}}
"""Other movements of the same sentence that take back a claim, or may: "improved, then fell"."""
_SMALL = Decimal("0.01")
"""A change of less than this share of the earlier figure does not belie "remained the same"."""


class _Claim(NamedTuple):
    """What one clause says: the words, which way (a key of `_WORDS`), denied or not, only slightly or not."""

    words: str
    kind: str
    denied: bool
    slight: bool
    worth: bool


def contradictions(text: str, row: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    """
    Give what *text* says of the way the measure went that the figures plainly contradict, in words.

    Only a clause whose subject is the measure itself counts: "performance", "the figures", "the rate", or nearly all words of
    its title. "Improved" and "worse" are held against the direction of travel, "increased" and "fell" against the figures
    themselves. A sentence that looks to another time, to the target, to an average or to a part of the measure is left alone.
    One that names no time is left alone too where it is right of the year, though not of the quarter.

    Args:
        text: the commentary.
        row: the measure's row of the quarter, of the `SCORES` contract; uses its directions, measure, polarity, unit and actual.
        known: the measure's rows by quarter.

    Returns:
        One finding a contradiction; none where the direction is not known or not comparable.

    Source: domain.md 6, "its direction words agree with the computed direction".

    >>> now = {"quarter": "2016-17-Q2", "measure": "Visits", "polarity": "higher", "actual": Decimal(4), "target_low": None,
    ...     "actual_rank": None, "direction_short": "worse", "direction_long": "not known"}
    >>> contradictions("Performance improved.", now, {"2016-17-Q2": now, "2016-17-Q1": now | {"actual": Decimal(5)}})
    ['says performance improved; the figures got worse since the quarter before']
    """
    found = []
    for sentence in _SENTENCES.split(plain(text)):
        against = None if _OTHER_TIME.search(sentence) else _against(sentence.rstrip(".!?"), row["quarter"])
        for claim in _claims(sentence.rstrip(".!? "), row["measure"]) if against is not None else ():
            found += _judged(claim, against, row, known)
    return list(dict.fromkeys(found))


def _against(sentence: str, quarter: str) -> set[str] | None:
    """Give what a sentence compares with, "short" and "long"; nothing where it does not say; None where it is something else."""
    against = {"short"} if _SHORT.search(sentence) else set()
    against |= {"long"} if _LONG.search(sentence) else set()
    for match in _YEAR.finditer(sentence):
        this = int(quarter[:4]) + (quarter[-1] == "4" and not match[2])
        if int(match[1]) not in (this, this - 1):
            return None
        against |= {"long"} if int(match[1]) == this - 1 else set()
    for match in _QUARTER.finditer(sentence):
        if match["number"] != quarter[-1]:
            if "long" in against or not match["then"] or match["number"] != quarters.previous(quarter)[-1]:
                return None
            against |= {"short"}
    if re.search(r"(?i)compar", sentence) and not against:
        return None
    left = _LONG.sub("", _LAST_QUARTER.sub("", sentence))
    return None if _VAGUE.search(left) else against


def _claims(sentence: str, title: str) -> list[_Claim]:
    found = []
    for clause in map(str.strip, _CLAUSES.split(sentence)):
        if _OTHER_THING.search(clause):
            continue
        if match := _NOUN.fullmatch(clause):
            found.append(_of_noun(match, title))
        elif len(moves := list(_VERB.finditer(clause))) == 1:
            found.append(_of_verb(clause, moves[0], title))
    moves = {_kind(match[0]) for match in _VERB.finditer(sentence)}
    return [claim for claim in found if claim and not moves & _AGAINST.get(claim.kind, set(_OPPOSITE))]


def _of_noun(match: re.Match[str], title: str) -> _Claim | None:
    """Read "there has been an increase in performance", "no change since last quarter"."""
    subject, tail, noun = match["subject"], match["tail"], match["noun"]
    kind, denied = _kind(noun), bool(match["no"])
    if not _TAIL.fullmatch(tail):
        return None
    if subject is None and not (denied or (tail and (_LAST_QUARTER.search(tail) or _LONG.search(tail) or _QUARTER.search(tail)))):
        return None
    if subject is not None and not _is_the_measure(_words(subject), title):
        return None
    if kind == "same":
        return _Claim(_said(match[0]), "same", denied=False, slight=False, worth=False) if denied else None
    return _Claim(_said(match[0]), kind, denied, bool(_SLIGHT.search(match["how"])), bool(_ABOUT_WORTH & set(_words(subject or ""))))


def _of_verb(clause: str, move: re.Match[str], title: str) -> _Claim | None:
    """Read "performance has improved", "the figures fell since last quarter"."""
    if not _TAIL.fullmatch(clause[move.end() :]):
        return None
    kind, words = _kind(move[0]), _words(clause[: move.start()])
    subject = list(words)
    while subject and subject[-1] in _AUXILIARIES | _NEGATIONS:
        subject.pop()
    helpers = words[len(subject) :]
    if not subject or not _is_the_measure(subject, title) or not _finite(move[0], helpers):
        return None
    compared = {"got", "become"} & set(helpers) or re.match(r"(?i) (?:than|compared|on|from|since) ", clause[move.end() :])
    if re.fullmatch(r"(?i)better|worse|higher|lower", move[0]) and not compared:
        return None
    said = _said(clause[: move.end()])
    slight = bool(_SLIGHT.search(clause[: move.start()])) or bool(re.match(r" (?:slightly|marginally)", clause[move.end() :]))
    return _Claim(said, kind, bool(set(helpers) & (_NEGATIONS - {"did"})), slight, bool(_ABOUT_WORTH & set(subject)))


def _said(clause: str) -> str:
    """Give the words of a claim as a report repeats them: without "but" and "although" before, and not as a new sentence."""
    clause = re.sub(r"(?i)^(?:(?:but|and|although|though|while|whilst|however|so|yet) )+", "", clause.strip(" '\""))
    return clause[:1].lower() + clause[1:]


def _finite(move: str, helpers: list[str]) -> bool:
    """Say whether the words claim that it happened: "improve" alone is a wish unless it continues to, "did not" or does."""
    base = re.fullmatch(r"(?i)improve|increase|decrease|reduce|decline|deteriorate|fall|rise|grow|drop|go (?:up|down)", move)
    continuing = "to" in helpers and any(word.startswith("continue") for word in helpers)
    denied = "did" in helpers or "didnt" in helpers
    return (continuing or denied) if base else ("to" not in helpers and "did" not in helpers)


def _words(text: str) -> list[str]:
    """Give the words of a subject, singular and without apostrophes."""
    words = re.findall(r"[^\W_]+", text.casefold().replace("'", ""))
    return [word[:-1] if word.endswith("s") and word[:-1] in _GENERIC else word for word in words]


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|ing|ed|es|s|y|e)$", "", word) if len(word) > 4 else word


def _is_the_measure(subject: list[str], title: str) -> bool:
    """Say whether a subject is the measure: a word that stands for any measure, or its title, and nothing besides."""
    core = re.split(r"\(| - ", plain(title))[0]
    small = _FILLERS | _GENERIC | {"to", "by", "at", "or", "with", "who", "whom", "no", "average", "from"}
    titled = {_stem(word) for word in _words(core) if word not in small}
    said = {_stem(word) for word in subject if word not in small}
    if said - titled or (not said and not set(subject) <= _FILLERS | _GENERIC):
        return False
    if said:
        return 3 * len(said) >= 2 * len(titled)
    return bool(set(subject) & _GENERIC)


def _kind(word: str) -> str:
    return next(kind for kind, pattern in _KIND if pattern.fullmatch(word))


def _judged(claim: _Claim, against: set[str], row: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    """Give the finding on a claim that everything it is compared with contradicts; none where one bears it out or says nothing."""
    ways = {which: _went(claim, which, row, known) for which in ("short", "long")}
    compared = sorted(against, reverse=True) or ["short"]
    if not all(_contradicts(claim, ways[which]) for which in compared) or (not against and _bears_out(claim, ways["long"])):
        return []
    since = {"short": "the quarter before", "long": "the same quarter of the year before"}[compared[0]]
    return [f"says {claim.words}; the figures {_SAID[ways[compared[0]]]} since {since}"]


_SAID = {"better": "got better", "worse": "got worse", "up": "rose", "down": "fell", "same": "have not changed"}


def _went(claim: _Claim, which: str, row: dict[str, Any], known: dict[str, dict[str, Any]]) -> str:
    """Say which way the figures went, in the terms of the claim; empty where that is not known or not plain."""
    travel = row[f"direction_{which}"]
    then = known.get(quarters.previous(row["quarter"]) if which == "short" else quarters.year_earlier(row["quarter"]))
    if travel not in (Travel.BETTER, Travel.WORSE, Travel.NO_CHANGE) or then is None or then["actual"] is None or row["actual"] is None:
        return ""
    if claim.kind == "same" and abs(row["actual"] - then["actual"]) < abs(then["actual"]) * _SMALL:
        return "same"
    if travel == Travel.NO_CHANGE or claim.kind in ("better", "worse", "same"):
        return "same" if travel == Travel.NO_CHANGE else str(travel)
    return "" if _ambiguous(claim, row, then) else "up" if row["actual"] > then["actual"] else "down" if row["actual"] < then["actual"] else "same"


def _ambiguous(claim: _Claim, row: dict[str, Any], then: dict[str, Any]) -> bool:
    """Say whether up may mean down: of ranks, of a reduction, or of "performance" where lower is better."""
    reduction = any(of["target_low"] is not None and of["target_low"] < 0 for of in (row, then))
    ranked = row["actual_rank"] is not None or then["actual_rank"] is not None
    return reduction or ranked or (claim.worth and row["polarity"] != Polarity.HIGHER)


def _contradicts(claim: _Claim, went: str) -> bool:
    if not went:
        return False
    if claim.kind == "same":
        return went != "same" and not claim.slight
    if claim.denied:
        return went == claim.kind
    return went == _OPPOSITE[claim.kind] or (went == "same" and not claim.slight)


def _bears_out(claim: _Claim, went: str) -> bool:
    return bool(went) and not _contradicts(claim, went)
