"""Reward grant earned: stretched targets -> shares -> pounds -> payments; performance to pounds; what is printed and what follows from it."""

from analysis.entitlement.earned import earned, earned_by_all
from analysis.entitlement.payments import payments, payments_of_all
from analysis.entitlement.prospect import outlook
from analysis.entitlement.statement import statement
from analysis.entitlement.terms import TERMS, Instalment, Terms, read, stated
from analysis.entitlement.way import way

__all__ = [
    "TERMS",
    "Instalment",
    "Terms",
    "earned",
    "earned_by_all",
    "outlook",
    "payments",
    "payments_of_all",
    "read",
    "stated",
    "statement",
    "way",
]  # fmt: skip
