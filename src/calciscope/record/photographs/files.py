"""Where photographs and films lie."""

from __future__ import annotations

from calciscope.record.private_files import PrivateFiles

PICTURES = PrivateFiles(
    folder="photographs",
    suffix=".jpg",
    not_kept="The picture could not be kept: the server's disk did not take it.",
    gone="The file of this picture was erased, or is not on this server; what was recorded of it stays.",
    strange="A photograph's name is not one of ours.",
)
keeping, read, erase_all = PICTURES.keeping, PICTURES.read, PICTURES.erase_all
