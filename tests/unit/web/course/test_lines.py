"""Lines of the course are found in their folder; none shares a panel with another kind of measure."""

from __future__ import annotations

from calciscope.web.course.lines import members


def test_lines_are_found_in_order_of_their_place() -> None:
    assert [name for name, _ in members()] == ["mass", "per_litre", "films", "physician", "scores", "laboratory", "own"]
