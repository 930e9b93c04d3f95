"""The raw header of one DICOM file: the elements this room needs, and where the pixel data start.

Little-endian data sets, nearly all there are, are walked by a short scanner (about ten times as fast as a full parse);
whatever it does not recognise is parsed by pydicom. Both give the same raw values.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from isal import isal_zlib

from calciscope.read.entries import BytesEntry, Entry
from calciscope.read.foreign import Unreadable, load_pydicom, parsing
from calciscope.read.limits import HEAD_BYTES, MAX_INFLATED_BYTES
from calciscope.read.tags import FLOAT_PIXELS, MEDIA_SOP_CLASS, PIXEL_DATA, SOP_CLASS, TRANSFER_SYNTAX, WANTED

IMPLICIT_LE = "1.2.840.10008.1.2"
EXPLICIT_LE = "1.2.840.10008.1.2.1"
DEFLATED_LE = "1.2.840.10008.1.2.1.99"
EXPLICIT_BE = "1.2.840.10008.1.2.2"
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
LONG_VR = frozenset(b"".join((vr,)) for vr in (b"OB OD OF OL OV OW SQ SV UC UN UR UT UV").split())
PIXELS = frozenset((PIXEL_DATA, *FLOAT_PIXELS))
MAX_NESTING = 12
HEAD_STEPS = (HEAD_BYTES, 32 * HEAD_BYTES)
SHORT = struct.Struct("<HH2sH")
LONG = struct.Struct("<HHL")
LENGTH = struct.Struct("<L")


class NotPlain(Exception):
    """The scanner met something it leaves to pydicom; ``more`` when a longer head may settle it."""

    def __init__(self, *, more: bool = False) -> None:
        """Keep whether more bytes may help."""
        super().__init__()
        self.more = more


@dataclass(frozen=True, slots=True)
class RawHeader:
    """Elements by tag (bytes as stored, or a value pydicom already converted) and the place of the pixels."""

    entry: Entry
    syntax: str
    little: bool
    values: dict[int, Any]
    pixel_offset: int | None = None
    pixel_length: int = 0  # UNDEFINED when encapsulated


def read_header(entry: Entry) -> RawHeader | None:
    """The header of an entry; None when it is not DICOM at all, Unreadable when it is broken DICOM."""
    with parsing("its header is damaged"):
        head = entry.head(HEAD_BYTES)
    start = _start(head)
    if start is None:
        return None
    meta: dict[int, bytes] = {}
    syntax, begin = _meta(head, start, meta)
    header = _read(entry, head, start, begin, syntax)
    if header.values.get(SOP_CLASS) in (None, b"") and MEDIA_SOP_CLASS in meta:
        header.values[SOP_CLASS] = meta[MEDIA_SOP_CLASS]
    return header


def _read(entry: Entry, head: bytes, start: int, begin: int, syntax: str) -> RawHeader:
    """The data set, by the scanner if it can, else by pydicom."""
    if syntax == DEFLATED_LE:
        entry, begin, head = _inflated(entry, begin)
    if syntax in (EXPLICIT_BE, ""):
        return _by_pydicom(entry, force=syntax == "")
    for count in HEAD_STEPS:
        if count > len(head) and entry.size > len(head):
            head = entry.head(count)
        try:
            return _scan(entry, head, begin, syntax)
        except NotPlain as reason:
            if not reason.more:
                break
        except (struct.error, IndexError):
            continue
    return _by_pydicom(entry, force=start == 0, syntax=syntax)


def _start(head: bytes) -> int | None:
    """Offset of the first element; None when the bytes are no DICOM."""
    if head[128:132] == b"DICM":
        return 132
    # Without the preamble: the first element must be a sane one of group 2 or 8.
    if len(head) < 16 or head[:2] not in (b"\x02\x00", b"\x08\x00") or head[3] > 0x30:
        return None
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    return 0 if explicit or LENGTH.unpack_from(head, 4)[0] < 1024 else None


def _meta(head: bytes, position: int, found: dict[int, bytes]) -> tuple[str, int]:
    """Transfer syntax and offset of the data set; a guess when there is no file meta information."""
    syntax = ""
    try:
        while head[position : position + 2] == b"\x02\x00":
            tag, _, value, position = _explicit(head, position)
            if value is not None:
                found[tag] = value
            if tag == TRANSFER_SYNTAX and value is not None:
                syntax = value.rstrip(b"\0 ").decode("ascii", "replace")
    except (NotPlain, struct.error):
        return "", position
    if not syntax and head[position : position + 2] == b"\x08\x00":
        syntax = EXPLICIT_LE if head[position + 4 : position + 6].isalpha() else IMPLICIT_LE
    return syntax, position


def _inflated(entry: Entry, begin: int) -> tuple[Entry, int, bytes]:
    """The data set of a deflated file, inflated within bounds."""
    with parsing("its deflated data set is damaged"):
        data = isal_zlib.decompressobj(wbits=-15).decompress(entry.whole()[begin:], MAX_INFLATED_BYTES)
    return BytesEntry(entry.name, data), 0, data[:HEAD_BYTES]


def _explicit(data: bytes, at: int) -> tuple[int, int, bytes | None, int]:
    """(tag, length, value or None when undefined or beyond the data, offset after it) of an explicit element."""
    group, element, vr, length = SHORT.unpack_from(data, at)
    at += 8
    if vr in LONG_VR:
        (length,) = LENGTH.unpack_from(data, at)
        at += 4
    elif not (vr.isalpha() and vr.isupper()):
        raise NotPlain
    tag = group << 16 | element
    if length == UNDEFINED or tag in PIXELS:
        return tag, length, None, at
    return tag, length, data[at : at + length], at + length


def _implicit(data: bytes, at: int) -> tuple[int, int, bytes | None, int]:
    """The same of an implicit element."""
    group, element, length = LONG.unpack_from(data, at)
    at += 8
    tag = group << 16 | element
    if length == UNDEFINED or tag in PIXELS:
        return tag, length, None, at
    return tag, length, data[at : at + length], at + length


def _scan(entry: Entry, head: bytes, at: int, syntax: str) -> RawHeader:
    """Walk the top level up to the pixel data; NotPlain when the head ends first or something is odd."""
    step = _implicit if syntax == IMPLICIT_LE else _explicit
    whole = len(head) >= entry.size
    header = RawHeader(entry, syntax, True, {})
    while at < len(head) or not whole:
        if at + 12 > len(head):
            if whole:
                break
            raise NotPlain(more=True)
        tag, length, value, at = step(head, at)
        if tag == PIXEL_DATA:
            return replace(header, pixel_offset=at, pixel_length=length)
        if tag in FLOAT_PIXELS:
            raise NotPlain
        if value is None:
            at = _skip_sequence(head, at, step, 0)
        elif tag in WANTED:
            header.values[tag] = value
    if at > len(head):
        raise Unreadable("its header is cut short")
    return header


def _skip_sequence(head: bytes, at: int, step: Any, depth: int) -> int:
    """Offset after a sequence of undefined length."""
    if depth > MAX_NESTING:
        raise NotPlain
    while True:
        group, element, length = LONG.unpack_from(head, at)
        tag, at = group << 16 | element, at + 8
        if tag == SEQUENCE_END:
            return at
        if tag != ITEM:
            raise NotPlain
        at = at + length if length != UNDEFINED else _skip_item(head, at, step, depth)


def _skip_item(head: bytes, at: int, step: Any, depth: int) -> int:
    """Offset after an item of undefined length."""
    while True:
        group, element, _ = LONG.unpack_from(head, at)
        if group << 16 | element == ITEM_END:
            return at + 8
        _, _, value, at = step(head, at)
        if value is None:
            at = _skip_sequence(head, at, step, depth + 1)


def _by_pydicom(entry: Entry, *, force: bool, syntax: str = "") -> RawHeader:
    """The same header by a full parse, for what the scanner leaves alone."""
    pydicom = load_pydicom()
    with parsing("its header is damaged"), entry.opened() as stream:  # type: ignore[attr-defined]
        if isinstance(entry, BytesEntry) and syntax == DEFLATED_LE:
            stream = BytesIO(b"\0" * 128 + b"DICM" + entry.data)
        dataset = pydicom.dcmread(stream, stop_before_pixels=True, force=force)
        place = stream.tell()
        values = {tag: _raw(dataset, tag) for tag in WANTED if tag in dataset}
        named = dataset.file_meta.get("TransferSyntaxUID") if hasattr(dataset, "file_meta") else None
        little, implicit = dataset.original_encoding[1] is not False, bool(dataset.original_encoding[0])
        guessed = (IMPLICIT_LE if implicit else EXPLICIT_LE) if little else EXPLICIT_BE
        stream.seek(place)
        offset, length = _pixels_after(stream.read(12), little=little, implicit=implicit)
    header = RawHeader(entry, str(named or syntax or guessed), little, values)
    return header if offset is None else replace(header, pixel_offset=place + offset, pixel_length=length)


def _raw(dataset: Any, tag: int) -> Any:
    """The element's stored bytes, or its value when pydicom converted it already."""
    return dataset.get_item(tag).value


def _pixels_after(data: bytes, *, little: bool, implicit: bool) -> tuple[int | None, int]:
    """(offset of the value within data, length) of a pixel data element that starts there."""
    order = "<" if little else ">"
    if len(data) < 12 or struct.unpack(order + "HH", data[:4]) != (PIXEL_DATA >> 16, PIXEL_DATA & 0xFFFF):
        return None, 0
    if implicit:
        return 8, struct.unpack(order + "L", data[4:8])[0]
    return 12, struct.unpack(order + "L", data[8:12])[0]
