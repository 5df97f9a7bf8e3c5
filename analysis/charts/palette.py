"""The colours of the charts, each with its one use."""

from analysis.vocabulary import Band

PAPER, INK, MUTED, RULE, HAIRLINE = "#FFFFFF", "#0B0C0C", "#505A5F", "#B1B4B6", "#DFE2E5"
BLUE, MID_BLUE, ORANGE, GREY = "#12436D", "#6BACE6", "#F46A25", "#8A9299"
"""Data; what is forecast; the one thing to act on; what is ordinary."""
DARK_BAND, MIDDLE_BAND, LIGHT_BAND = "#CCD2D7", "#E0E4E7", "#F0F2F4"
"""Behind data: far from target, near it, past it."""
RED, AMBER, GREEN = "#A4161A", "#F6B800", "#14946F"
RED_PAST, AMBER_PAST, GREEN_PAST = "#E6C3C4", "#FBE6A6", "#BFE0D6"
"""Status in bars, now and in past periods."""
BAND_COLOURS = {Band.HR: RED, Band.LR: RED_PAST, Band.A: AMBER, Band.G: "#DCEFE9", Band.LG: GREEN_PAST, Band.HG: GREEN}
