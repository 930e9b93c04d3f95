"""How each event is drawn: a marker form, a colour and a name, so that nothing is told by colour alone.

Colours follow Okabe and Ito's set for colour-blind readers: warm for more mineral, cool for less.
"""

from __future__ import annotations

from calciscope.share.kind_marks import KindMark
from calciscope.terms.tracking import Event

GAIN_RGB, LOSS_RGB, SAME_RGB = (255, 159, 28), (86, 180, 233), (190, 190, 190)

# In order of importance to the reader: earlier events are numbered first and drawn on top.
EVENT_MARKS: dict[Event, KindMark] = {
    Event.NEW: KindMark(form="plus", rgb=(255, 110, 70), name="new"),
    Event.GROWN: KindMark(form="triangle", rgb=GAIN_RGB, name="grown"),
    Event.RESOLVED: KindMark(form="cross", rgb=(0, 210, 170), name="resolved"),
    Event.SHRUNK: KindMark(form="triangle-down", rgb=LOSS_RGB, name="shrunk"),
    Event.MERGED: KindMark(form="hexagon", rgb=(240, 228, 66), name="merged"),
    Event.SPLIT: KindMark(form="diamond", rgb=(240, 228, 66), name="split"),
    Event.STABLE: KindMark(form="circle", rgb=SAME_RGB, name="stable"),
    Event.NOT_EVALUABLE: KindMark(form="bar", rgb=(160, 160, 160), name="not evaluable"),
}
EVENT_IMPORTANCE = {event: place for place, event in enumerate(EVENT_MARKS)}
