"""Digital phantoms: a body part of continuous shapes, deposits of exactly known mass, and the scanner that sees them.

phantom = make_phantom(PhantomSpec(seed=3, deposits="nodules-fat", diameter_mm=5))
write(phantom, folder)
"""

from __future__ import annotations

from calciscope.phantom.dicom import write
from calciscope.phantom.make import Phantom, make_phantom
from calciscope.phantom.spec import Body, Kernel, PhantomSpec

__all__ = ["Body", "Kernel", "Phantom", "PhantomSpec", "make_phantom", "write"]
