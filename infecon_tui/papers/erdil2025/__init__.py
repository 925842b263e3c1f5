"""E. Erdil, Inference economics of language models, arXiv 2506.04645 (June 2025), and its notebook."""

from infecon_tui.papers.erdil2025.evaluate import evaluate, fastest_s, tpot_s
from infecon_tui.papers.erdil2025.frontier import frontier, preferred, shortfall
from infecon_tui.papers.erdil2025.points import CAUSES, Points
from infecon_tui.papers.erdil2025.records import Model, Part, Question, Speculation

__all__ = [
    "CAUSES",
    "Model",
    "Part",
    "Points",
    "Question",
    "Speculation",
    "evaluate",
    "fastest_s",
    "frontier",
    "preferred",
    "shortfall",
    "tpot_s",
]
