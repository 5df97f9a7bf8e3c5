"""One cell as typed -> an exact reading, and back to text."""

from analysis.values.columns import Plain, read_plain
from analysis.values.printing import ordinal_ending, printed, rounded, shown
from analysis.values.reading import SHARE, Reading, read
from analysis.values.repairs import (
    REPAIRS,
    mended,
    with_joined_digits,
    with_latin_letters,
    with_plain_dashes,
    with_plain_digits,
    with_plain_spaces,
    without_invisible,
)

__all__ = [
    "REPAIRS",
    "SHARE",
    "Plain",
    "Reading",
    "mended",
    "ordinal_ending",
    "printed",
    "read",
    "read_plain",
    "rounded",
    "shown",
    "with_joined_digits",
    "with_latin_letters",
    "with_plain_dashes",
    "with_plain_digits",
    "with_plain_spaces",
    "without_invisible",
]
