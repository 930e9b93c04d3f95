"""Damages bytes in the ways files get damaged: flipped bits, lost ends, wrong lengths, lost or doubled stretches."""

from __future__ import annotations

import random

EXTREMES = (
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\x7f",
    b"\xfe\xff\xff\xff",
    b"\xff\xff",
    b"\x00\x80",
)


def mutate(data: bytes, rng: random.Random) -> bytes:
    """A damaged copy; one to three kinds of damage, more often in the header than behind it."""
    damaged = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if len(damaged) > 8:
            rng.choice(KINDS)(damaged, rng)
    return bytes(damaged)


def _place(data: bytearray, rng: random.Random) -> int:
    limit = len(data) if rng.random() < 0.5 else min(len(data), 1400)
    return rng.randrange(max(1, limit - 4))


def _flip_bits(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.choice((1, 1, 2, 8, 40))):
        data[_place(data, rng)] ^= 1 << rng.randrange(8)


def _cut_short(data: bytearray, rng: random.Random) -> None:
    del data[_place(data, rng) :]


def _set_length(data: bytearray, rng: random.Random) -> None:
    value, at = rng.choice(EXTREMES), _place(data, rng)
    data[at : at + len(value)] = value


def _lose_stretch(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    del data[at : at + rng.choice((1, 2, 7, 64))]


def _double_stretch(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    data[at:at] = data[at : at + rng.choice((1, 4, 32))]


def _random_bytes(data: bytearray, rng: random.Random) -> None:
    at = _place(data, rng)
    data[at : at + 4] = rng.randbytes(4)


KINDS = (_flip_bits, _flip_bits, _cut_short, _set_length, _set_length, _lose_stretch, _double_stretch, _random_bytes)
