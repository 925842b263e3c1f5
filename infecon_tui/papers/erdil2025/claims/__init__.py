"""The numbers in the paper's text, each with the computation behind it.

One claim is one function and its registration. The paper's own inputs come in from outside, by the
names that its notebook gives them.
"""

from infecon_tui.papers.erdil2025.claims import examples, theory
from infecon_tui.papers.erdil2025.claims.claim import CLAIMS, Claim, Inputs

__all__ = ["CLAIMS", "Claim", "Inputs", "examples", "theory"]
