"""The words that commentary uses for causes, actions, owners, dates and sizes: tuples of patterns, kept here and nowhere else."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from analysis.values.repairs import with_plain_dashes, with_plain_digits, with_plain_spaces, without_invisible

MONTH = (
    r"(?:(?i:january|february|april|june|july|august|september|october|november|december)|March"
    r"|(?:Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    r"|(?:(?<=[0-9] )|(?<=th )|(?<=st )|(?<=nd )|(?<=rd )|(?<=in )|(?<=by )|(?<=of )|(?<=from )|(?<=since )|(?<=until )|(?<=during )|(?<=for ))May"
    r"|May(?= (?:20)?[0-9]{2}\b))"
)
"""A month's name. "march" and "may" are also verbs: they need their capital, and May a preposition, a day or a year beside it."""

CAUSE = (
    r"because", r"due (?:mainly |largely |primarily |partly |in part )?to", r"owing to", r"as a (?:direct )?(?:result|consequence)",
    r"result(?:s|ed|ing)? (?:of|in|from)", r"following", r"reflect(?:s|ed|ing|ion)?",
    r"(?<!to )(?<!will )(?<!positive )impact(?:s|ed|ing)?(?! positively)", r"pressures?", r"caus(?:e[sd]?|ing)", r"driven", r"drivers?",
    r"attribut(?:ed|able)", r"reasons?", r"explain(?:s|ed)?", r"explanation", r"owed to", r"down to", r"led to", r"lead(?:s|ing) to",
    r"contribut(?:e[sd]?|ing|or|ory)", r"factors?", r"affect(?:s|ed|ing)?", r"hampered", r"hindered", r"delay(?:s|ed)? (?:in|by|to|with)",
    r"shortages?", r"vacanc(?:y|ies)", r"lack of", r"challeng(?:e|es|ed|ing)", r"difficult(?:y|ies)?", r"influenced",
    r"as there (?:is|are|was|were|has|have)", r"since there", r"result", r"arising from", r"arose from", r"stem(?:s|med|ming)? from", r"thanks to",
    r"on account of", r"in light of", r"given that", r"in response to",
)  # fmt: skip
"""Words that name a cause."""

ACTION = (
    r"will", r"we'll", r"plan(?:s|ned|ning)?", r"actions?", r"review(?:s|ed|ing)?", r"introduc(?:e[sd]?|ing|tion)",
    r"work(?:s|ed|ing)? (?:with|to|on|closely|continues?)", r"work is", r"develop(?:ed|ing)",
    r"(?:has|have) been (?:taken|made|set up|put in|agreed|commissioned|established)", r"recruit(?:s|ed|ing|ment)?", r"underway|under way",
    r"in place", r"measures (?:are|have|were)", r"steps", r"project", r"programme", r"campaign", r"initiative", r"strategy", r"training",
    r"improvements? to", r"improving", r"priorit(?:y|ise[sd]?|ising|ies)", r"interventions?", r"efforts?",
    r"additional (?:staff\w*|resources?|support|funding)", r"address(?:ed|ing)?", r"tackl(?:e[sd]?|ing)", r"implement(?:s|ed|ing|ation)?",
    r"launch(?:es|ed|ing)?", r"promot(?:e[sd]?|ing|ion)", r"monitor(?:ed|ing)", r"investigat(?:e[sd]?|ing|ion)",
    r"target(?:ed|ing) (?:work|at|interventions?|support)", r"roll(?:ed|ing)? out", r"rollout", r"continu(?:e|es|ing) (?:to|with)",
    r"propos(?:e[sd]?|als?)", r"agreed", r"being (?:taken|made|considered|assessed|developed|drawn up|carried out|undertaken|looked at)",
    r"commission(?:ed|ing)", r"focus(?:ed|es|ing)?", r"(?:is|are|was|were) to be",
    r"(?:is|are|am|'re) (?:\w+ly )?(?:taking|looking|making|putting|running|seeking|trying|going|holding|meeting)", r"encourag(?:e[sd]?|ing)",
    r"support(?:ed|ing)", r"mitigat\w+", r"remed(?:y|ied|ial)", r"operational", r"designed to", r"appoint(?:ed|ing|ment)", r"carried out",
    r"undertak(?:e[ns]?|ing)", r"liais\w+", r"escalat\w+", r"procur\w+", r"restructur\w+",
)  # fmt: skip
"""Words that name an action, taken or to come."""

OWNER = (
    r"teams?", r"services?(?! users?\b)(?! provision)", r"manage(?:rs?|ment)(?! information)", r"directors?", r"directorates?", r"officers?",
    r"(?<!across the )(?<!on )board", r"(?<!age )(?<!peer )groups?", r"partners(?:hips?)?", r"police", r"nhs", r"we",
    r"(?<!other )council(?:s|lors?)?(?! tax)", r"cllrs?", r"cabinet", r"committees?", r"panels?", r"forums?", r"departments?", r"division(?:s|al)?",
    r"heads? of", r"lead (?:officer|member|for|on)", r"led by", r"owned by", r"owners?", r"responsib(?:le|ility)", r"chief", r"executives?",
    r"chair(?:man|woman|person)?", r"co-?ordinators?", r"colleagues", r"contractors?", r"(?:service )?providers?", r"suppliers?", r"agenc(?:y|ies)",
    r"hospitals?", r"trusts?", r"ccg", r"pct", r"gps?", r"clinicians?", r"practitioners?", r"consultants?", r"commissioners?", r"social workers?",
    r"(?:head)?teachers?", r"governors?", r"schools", r"colleges?", r"volunteers?", r"authority", r"fire brigade", r"job ?centre", r"champions?",
    r"adviso?ers?", r"supervisors?", r"wardens?", r"inspectors?", r"(?-i:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sgt|Insp)\.? [A-Z]\w*)",
)  # fmt: skip
"""Words that name somebody responsible."""

DATE = (
    rf"(?-i:{MONTH})", r"(?:199|20[0-9])[0-9]", r"q[1-4]", r"(?:quarters?|qtrs?) ?(?:[1-4]|one|two|three|four)",
    r"(?:first|second|third|fourth|final) (?:quarter|half)", r"(?:1st|2nd|3rd|4th) (?:quarter|qtr)",
    r"(?:next|this|last|coming|following|previous|current|new) (?:few )?(?:quarter|month|year|week|term|half|financial)s?",
    r"year[- ]end",
    r"(?:end|start|middle|rest|remainder|course|close) of (?:the|this|next) (?:\w+ )?(?:year|quarter|month|term|week)",
    r"[0-9]{1,2}[/.][0-9]{1,2}[/.](?:[0-9]{4}|[0-9]{2})", r"[0-9]{1,2}/[0-9]{2}",
    r"(?:within|in|over|for) (?:the )?(?:next |coming )?(?:\w+ )?(?:days|weeks|months|years)", r"(?:easter|christmas|summer|autumn|spring|winter)",
    r"tomorrow|today|immediately|with immediate effect",
)  # fmt: skip
"""Words that say by or from when."""

SIZE = (
    r"(?<!no )(?<!the )one(?! of)", r"two", r"three", r"four", r"five", r"six", r"seven", r"eight", r"nine", r"ten", r"eleven", r"twelve", r"\w+teen",
    r"(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)y", r"hundreds?", r"thousands?", r"millions?", r"billions?", r"dozens?", r"half",
    r"halv(?:e[sd]?|ing)", r"(?:a|one|two)[- ]thirds?", r"(?:a|three)[- ]quarters? of", r"doubl(?:e[sd]?|ing)", r"trebl(?:e[sd]?|ing)",
    r"tripl(?:e[sd]?|ing)", r"twice", r"zero", r"nil", r"none", r"single", r"(?:a|one)[- ](?:fifth|tenth)",
)  # fmt: skip
"""Numbers in words."""

_TAG = re.compile(r"<[/!]?[A-Za-z][^<>]*>")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    r"""
    Give commentary as plain lines: tags and entities read as text, spaces, dashes and digits made plain, empty lines gone.

    >>> plain("<p>Sales&nbsp;fell.</p>\n\n  Up 5 \u2013 6%")
    'Sales fell.\nUp 5 - 6%'
    """
    text = without_invisible(html.unescape(_TAG.sub(" ", text)))
    lines = (with_plain_spaces(with_plain_dashes(with_plain_digits(line))) for line in text.splitlines())
    return "\n".join(line.replace("\u2019", "'") for line in lines if line)


def named(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """
    Give the pattern that finds any of *patterns* as whole words, in capitals or not.

    >>> bool(named(ACTION).search("A Plan is made.")), bool(named(ACTION).search("airplanes"))
    (True, False)
    """
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """
    Give what is left of *text* without case, spaces and punctuation: two texts that say the same give the same.

    >>> folded("Work -- continues!") == folded("work continues")
    True
    """
    return "".join(character for character in plain(text).casefold() if character.isalnum())
