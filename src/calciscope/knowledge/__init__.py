"""What medicine says, as dated data: one therapy, rule or publication a file; each value with its source and verification.

Members are found by walking their folder; a file's name is its id. `load` reads all of it at once or refuses with file,
line and what is wrong: advice never rests on half a knowledge base.
"""

from __future__ import annotations

from calciscope.knowledge.load import Knowledge, knowledge, load_knowledge

__all__ = ["Knowledge", "knowledge", "load_knowledge"]
