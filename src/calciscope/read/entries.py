"""Where bytes come from: a file on disk, a member of a zip, an inflated data set; all are read the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from calciscope.read.foreign import Unreadable


class Entry(Protocol):
    """Something that holds one DICOM or NIfTI file."""

    @property
    def name(self) -> str:
        """Last part of its name; only for telling formats apart, never shown (it may name a patient)."""
        ...

    @property
    def size(self) -> int:
        """Bytes it holds."""
        ...

    def head(self, count: int) -> bytes:
        """Its first bytes, fewer when it is shorter."""
        ...

    def whole(self) -> bytes:
        """All its bytes."""
        ...

    def opened(self) -> object:
        """A context manager that gives a seekable binary stream."""
        ...

    def fill(self, offset: int, target: memoryview) -> None:
        """Read len(target) bytes from the offset into the target; Unreadable when it is too short."""
        ...


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file on disk."""

    path: Path
    size: int

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.path.open("rb", buffering=0) as stream:
            return stream.read(count) or b""

    def whole(self) -> bytes:
        """All bytes."""
        return self.path.read_bytes()

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The open file."""
        with self.path.open("rb") as stream:
            yield stream

    def fill(self, offset: int, target: memoryview) -> None:
        """Read straight into the target."""
        with self.path.open("rb", buffering=0) as stream:
            stream.seek(offset)
            done = 0
            while done < len(target):
                got = stream.readinto(target[done:])
                if not got:
                    raise Unreadable("the pixel data are cut short")
                done += got


@dataclass(frozen=True, slots=True)
class BytesEntry:
    """Bytes held in memory."""

    name: str
    data: bytes

    @property
    def size(self) -> int:
        """How many."""
        return len(self.data)

    def head(self, count: int) -> bytes:
        """The first bytes."""
        return self.data[:count]

    def whole(self) -> bytes:
        """All bytes."""
        return self.data

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """A stream over the bytes."""
        yield BytesIO(self.data)

    def fill(self, offset: int, target: memoryview) -> None:
        """Copy into the target."""
        part = memoryview(self.data)[offset : offset + len(target)]
        if len(part) < len(target):
            raise Unreadable("the pixel data are cut short")
        target[:] = part
