"""Whether a reconstruction kernel is soft enough to measure with, from the vendors' naming schemes."""

from __future__ import annotations

import re
from enum import IntEnum


class Sharpness(IntEnum):
    """How a kernel treats edges."""

    SOFT = 0  # soft tissue or standard: made for reading HU
    UNKNOWN = 1
    SHARP = 2  # bone, lung, edge: overshoots at edges, much noise


# Vendor names (memory: Siemens, GE, Philips and Canon kernel lists; not confirmed). The first pattern that fits decides.
PATTERNS: tuple[tuple[str, Sharpness], ...] = (
    (r"(SOFT|STANDARD|STND|STD\+?|CHST|SMOOTH|BRAIN|UA|UB|UC|EA|EB|EC)", Sharpness.SOFT),
    (r"(DETAIL|BONE|BONEPLUS|BONE\+|LUNG|EDGE|ULTRA|HD.*|SHARP|YA|YB|YC|YD|D|E|L|Y)", Sharpness.SHARP),
    (r"(A|B|C|XCA|XCB|XCC|CA|CB|CC|SA|SB)", Sharpness.SOFT),
)
# Siemens: one or two letters and a number, sharper with the number (B30f, Br38f, I31s, Qr40, J45s, D40f).
SIEMENS = re.compile(r"(?:B|BR|BV|BF|H|HR|HV|HC|I|J|Q|QR|SA|SB|T|U|D|BL|UB|UL|UR|HK|BK)(\d{1,2})[A-Z]?\d*")
SIEMENS_SHARP_FROM = 46
# Canon / Toshiba: FC01-FC29 soft tissue and brain, FC30 and above bone and lung; FC41-44 soft in some scanners (memory).
CANON = re.compile(r"FC(\d{1,2})")
CANON_SHARP_FROM = 30


def sharpness(kernel: str | None) -> Sharpness:
    """The kernel's class; unknown when its name is not understood."""
    if not kernel:
        return Sharpness.UNKNOWN
    name = kernel.strip().upper().split()[0].split("\\")[0] if kernel.strip() else ""
    for pattern, known in PATTERNS:
        if re.fullmatch(pattern, name):
            return known
    if match := CANON.match(name):
        return Sharpness.SHARP if int(match[1]) >= CANON_SHARP_FROM else Sharpness.SOFT
    if match := SIEMENS.match(name):
        return Sharpness.SHARP if int(match[1]) >= SIEMENS_SHARP_FROM else Sharpness.SOFT
    return Sharpness.UNKNOWN
