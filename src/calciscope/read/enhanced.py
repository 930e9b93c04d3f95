"""Enhanced multi-frame CT: each frame's functional groups flattened into the header a classic slice would have."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

from calciscope.read import tags
from calciscope.read.elements import UNDEFINED, RawHeader
from calciscope.read.entries import BytesEntry, FileEntry
from calciscope.read.foreign import Unreadable, load_pydicom, parsing
from calciscope.read.header import read_pixels

SHARED_GROUPS = 0x52009229
FRAME_GROUPS = 0x52009230
CONTRAST_SEQUENCE = 0x00180012
CODE_MEANING = 0x00080104
MAX_DEPTH = 6


def frame_headers(raw: RawHeader) -> list[RawHeader]:
    """One classic-like header a frame; Unreadable when the file is damaged."""
    pydicom = load_pydicom()
    entry = raw.entry if isinstance(raw.entry, FileEntry) else BytesEntry(raw.entry.name, raw.entry.whole())
    raw = replace(raw, entry=entry)
    frames = read_pixels(raw).frames
    with parsing("its frame descriptions are damaged"):
        with entry.opened() as stream:
            dataset = pydicom.dcmread(_as_file(entry, raw, stream), stop_before_pixels=True, force=True)
        shared: dict[int, Any] = {}
        for item in _items(dataset, SHARED_GROUPS):
            _flatten(item, shared, 0)
        shared.update(_contrast(dataset))
        per_frame = list(_items(dataset, FRAME_GROUPS))
        if len(per_frame) != frames:
            raise Unreadable("it describes another number of frames than it holds")
        headers = [_frame(raw, shared, item, index) for index, item in enumerate(per_frame)]
        return headers if raw.pixel_length != UNDEFINED else _apart(headers, frames)


def _apart(headers: list[RawHeader], frames: int) -> list[RawHeader]:
    """Compressed frames, each as a file of one frame: finding one among all would read the whole file for each."""
    from pydicom.encaps import encapsulate, generate_frames

    raw = headers[0]
    stream = raw.entry.whole()[raw.pixel_offset or 0 :]
    found = list(generate_frames(stream, number_of_frames=frames))
    if len(found) != frames:
        raise Unreadable("it holds another number of frames than it describes")
    entries = [BytesEntry(raw.entry.name, bytes(encapsulate([frame]))) for frame in found]
    return [
        replace(header, entry=entry, pixel_offset=0, values=header.values | {tags.FRAMES: "1"})
        for header, entry in zip(headers, entries, strict=True)
    ]


def _as_file(entry: Any, raw: RawHeader, stream: Any) -> Any:
    """The stream as pydicom wants it; an inflated data set has lost its file meta information."""
    if isinstance(entry, BytesEntry) and entry.data[128:132] != b"DICM" and raw.little:
        return BytesIO(entry.data)
    return stream


def _frame(raw: RawHeader, shared: dict[int, Any], item: Any, index: int) -> RawHeader:
    own: dict[int, Any] = {}
    _flatten(item, own, 0)
    values = raw.values | shared | own
    if tags.FRAME_TYPE in values:
        values[tags.IMAGE_TYPE] = values[tags.FRAME_TYPE]
    if tags.FRAME_ACQUISITION_NUMBER in values:
        values[tags.ACQUISITION_NUMBER] = str(_plain(values[tags.FRAME_ACQUISITION_NUMBER], raw.little))
    values[tags.INSTANCE_NUMBER] = str(index + 1)
    return replace(raw, values=values)


def _plain(value: Any, little: bool) -> Any:
    return int.from_bytes(value, "little" if little else "big") if isinstance(value, bytes) else value


def _items(dataset: Any, tag: int) -> Any:
    return dataset[tag].value if tag in dataset else ()


def _flatten(dataset: Any, into: dict[int, Any], depth: int) -> None:
    """Every wanted element of the item and of the sequences below it."""
    if depth > MAX_DEPTH:
        raise Unreadable("its frame descriptions are nested absurdly deep")
    for element in dataset.elements():
        tag = int(element.tag)
        if tag in tags.WANTED:
            into[tag] = element.value
        elif element.VR == "SQ" or element.VR is None or element.VR == "UN":
            converted = dataset[tag]
            if converted.VR == "SQ":
                for item in converted.value:
                    _flatten(item, into, depth + 1)


def _contrast(dataset: Any) -> dict[int, Any]:
    """Contrast agent named in the contrast sequence, as the classic element."""
    for item in _items(dataset, CONTRAST_SEQUENCE):
        return {tags.CONTRAST_AGENT: str(item[CODE_MEANING].value) if CODE_MEANING in item else "contrast agent"}
    return {}
