"""Bounds on what is read: they keep time and memory bounded when an input is broken or hostile."""

from __future__ import annotations

# Judgement: CT matrices are 512 to 2048; twice that leaves room for stitched images.
MAX_SIDE_PIXELS = 4096
# Judgement: 4 GB as int16, a whole body at 1024 x 1024 x 1900; more would not fit an ordinary machine.
MAX_VOXELS = 2_000_000_000
# Judgement: a long whole-body study with several reconstructions holds about 10,000 images.
MAX_FILES = 100_000
# Judgement: a folder tree deeper than any export writes.
MAX_FOLDER_DEPTH = 30
# Judgement: eight times the largest volume's bytes; the header of a zip that claims more is a bomb.
MAX_ARCHIVE_BYTES = 32_000_000_000
# One member of a zip, one deflated data set: held in memory while it is decoded.
MAX_MEMBER_BYTES = 4_000_000_000
MAX_INFLATED_BYTES = 300_000_000
# Noise keeps CT from shrinking much (seen: 2 to 4 times; a phantom without noise some 30): what unpacks to far more is a bomb.
MAX_RATIO, RATIO_FROM_BYTES = 200, 100_000_000
# First bytes of a file that hold its header in nearly all CT files (seen: 3 to 20 kB).
HEAD_BYTES = 32_768
# Dose reports and other structured documents are small.
MAX_DOCUMENT_BYTES = 20_000_000
# Pixel sizes and slice distances of CT: 0.05 mm (micro-CT) to 20 mm (PET-sized pixels); beyond is a wrong header.
MIN_PIXEL_MM, MAX_PIXEL_MM = 0.02, 20.0
# Judgement: pixels of CT are square; one stretched by more is a wrong header, or no image of this body.
MAX_PIXEL_STRETCH = 3.0
MIN_SLICE_MM, MAX_SLICE_MM = 0.02, 50.0
MAX_POSITION_MM = 100_000.0
MIN_SLICES = 2
# The interface's promise: more than 5 % of the slices, or more than two adjacent ones, missing or corrupt: refused.
MAX_FILLED_FRACTION = 0.05
MAX_FILLED_ADJACENT = 2
# One radiograph or ultrasound image. Judgement: a stitched radiograph of both legs has some 3,500 x 11,000 pixels at 2 bytes.
MAX_FILM_BYTES = 120_000_000
MAX_FILM_PIXELS, MAX_FILM_SIDE_PIXELS = 60_000_000, 16_384
MIN_FILM_SIDE_PIXELS = 64
# Judgement: 0.1 mm a pixel on a film of 45 cm; larger images are averaged down by whole factors.
KEPT_FILM_SIDE_PIXELS = 4500
# Judgement: a deposit is measured on one frame; a hundred show where it is seen best, at 80 MB in memory.
MAX_KEPT_FRAMES, MAX_KEPT_FRAME_PIXELS = 100, 40_000_000
MIN_FILM_PIXEL_MM, MAX_FILM_PIXEL_MM = 0.02, 2.0
