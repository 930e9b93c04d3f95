"""Zip archives: members are read one at a time into bounded memory and never extracted to disk.

Refused as hostile: names that point outside the archive, claims of more bytes than any scan holds, members that share
the same bytes. Links, encrypted members and archives inside the archive are left out.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from isal import isal_zlib

from calciscope.read.foreign import Unreadable, parsing
from calciscope.read.limits import MAX_ARCHIVE_BYTES, MAX_FILES, MAX_MEMBER_BYTES, MAX_RATIO, RATIO_FROM_BYTES
from calciscope.terms.errors import Refused
from calciscope.terms.series import LeftOut

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """A member of a zip; every read decompresses only as far as it needs."""

    archive: Path
    name: str
    size: int
    compressed_size: int
    header_offset: int
    method: int
    crc: int

    def _compressed(self, limit: int) -> bytes:
        """Up to ``limit`` compressed bytes."""
        with self.archive.open("rb", buffering=0) as stream:
            stream.seek(self.header_offset)
            fields = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
            if fields[0] != b"PK\x03\x04":
                raise Unreadable("the zip's directory does not match its content")
            stream.seek(fields[-2] + fields[-1], 1)
            data = stream.read(min(self.compressed_size, limit))
        return data or b""

    def head(self, count: int) -> bytes:
        """The first bytes, decompressing no more than they need."""
        with parsing("a member of the zip is damaged"):
            if self.method == zipfile.ZIP_STORED:
                return self._compressed(count)
            # Deflate never expands by more than a few bytes in 16 kB, so this much input always suffices.
            data = self._compressed(count + count // 8 + 1024)
            return isal_zlib.decompressobj(wbits=-15).decompress(data, count)

    def whole(self) -> bytes:
        """All bytes, checked against the size and checksum the directory promises."""
        if self.size > max(RATIO_FROM_BYTES, MAX_RATIO * self.compressed_size):
            raise Unreadable("a member of the zip unpacks to absurdly much")
        with parsing("a member of the zip is damaged"):
            data = self._compressed(self.compressed_size)
            if self.method == zipfile.ZIP_DEFLATED:
                data = isal_zlib.decompressobj(wbits=-15).decompress(data, self.size + 1)
        if len(data) != self.size or isal_zlib.crc32(data) != self.crc:
            raise Unreadable("a member of the zip is damaged (its checksum does not match)")
        return data

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """A stream over all bytes."""
        yield BytesIO(self.whole())

    def fill(self, offset: int, target: memoryview) -> None:
        """Copy from the decompressed member."""
        part = memoryview(self.whole())[offset : offset + len(target)]
        if len(part) < len(target):
            raise Unreadable("the pixel data are cut short")
        target[:] = part


def list_members(path: Path) -> tuple[list[MemberEntry], list[LeftOut]]:
    """The zip's usable members by name, and what was left out of them. Refuses hostile archives."""
    infos = _directory(path)
    _refuse_bombs(path, infos)
    members: list[MemberEntry] = []
    reasons: dict[str, int] = {}
    for info in sorted(infos, key=lambda info: (info.filename, info.header_offset)):
        why = _why_not(info)
        if why:
            reasons[why] = reasons.get(why, 0) + 1
        elif not info.is_dir():
            members.append(
                MemberEntry(
                    path,
                    PurePosixPath(info.filename).name,
                    info.file_size,
                    info.compress_size,
                    info.header_offset,
                    info.compress_type,
                    info.CRC,
                )
            )
    left_out = [LeftOut(what="member of the zip", why=why, count=count) for why, count in sorted(reasons.items())]
    return members, left_out


def _directory(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with parsing("zip directory"), zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except Unreadable as error:
        raise Refused(f"{path} is not a whole zip archive (its directory cannot be read); copy it again.") from error
    if len(infos) > MAX_FILES:
        raise Refused(f"{path} holds {len(infos)} files, more than {MAX_FILES}; zip the one study to be measured.")
    return infos


def _refuse_bombs(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    claimed = sum(info.file_size for info in infos)
    if claimed > MAX_ARCHIVE_BYTES or any(info.file_size > MAX_MEMBER_BYTES for info in infos):
        raise Refused(
            f"{path} claims to unpack to {claimed / 1e9:.0f} GB, more than any scan; zip the one study to be measured."
        )
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise Refused(f"{path} holds members that share the same bytes, as a zip bomb does; zip the study anew.")
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or (len(name) > 1 and name[1] == ":"):
            raise Refused(f"{path} holds a file name that points outside the archive; zip the study anew.")


def _why_not(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "a link, not a file"
    if info.flag_bits & 0x1:
        return "encrypted; unpack it with its password first"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "compressed by a method other than deflate"
    if info.filename.lower().endswith((".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".bz2", ".xz")):
        return "an archive inside the archive"
    return ""
