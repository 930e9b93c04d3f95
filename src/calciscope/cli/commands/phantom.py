"""`calciscope phantom`: a digital phantom as a CT series, with the truth beside it."""

from __future__ import annotations

import argparse
import math

from calciscope.cli.given_path import given_path

SUMMARY = "Make a digital phantom of exactly known truth, as a CT series."
EXAMPLE = "calciscope phantom --out knee_phantom --seed 3 --kvp 100"

KINDS = ("legs", "leg", "arm", "trunk")
KERNELS = ("soft", "sharp")
NUMBERS = {
    "kvp": (120.0, "KV", "tube voltage, kV"),
    "slice-mm": (1.0, "MM", "slice thickness"),
    "increment-mm": (0.0, "MM", "distance of the slices (default: the thickness)"),
    "spacing-mm": (0.0, "MM", "pixel spacing (default: about 0.8)"),
    "noise-hu": (15.0, "HU", "standard deviation of the noise, mean over the body"),
    "tilt-deg": (0.0, "DEG", "gantry tilt"),
    "flexion-deg": (8.0, "DEG", "how far the joint is bent"),
    "centre-mm": (0.0, "MM", "middle of the scan along the body, from the joint towards the head"),
    "matrix-hu": (40.0, "HU", "what the mineral of a deposit sits in"),
    "diameter-mm": (0.0, "MM", "diameter of the deposits of an array preset (default: 3 to 20)"),
    "concentration-mg-ml": (0.0, "MG_ML", "mineral of the deposits of an array preset (default: 100 to 1200)"),
}
COUNTS = {
    "slices": "number of slices (default: by kind, 200 to 300)",
    "rows": "rows of the image (default: by kind)",
    "columns": "columns of the image (default: by kind)",
    "count": "number of deposits of an array preset (default: by preset)",
}
FLAGS = {
    "contrast": "iodine in the vessels",
    "metal": "a plate with screws and a nail, with streaks",
    "followup": "the same patient (same seed and options) a year later: moved, bent, deposits changed",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument(
        "--out", metavar="DIR", type=given_path, required=True, help="folder to write; must not exist yet"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, another patient (default: 1)")
    parser.add_argument("--kind", choices=KINDS, default="legs", help="part of the body (default: legs)")
    parser.add_argument(
        "--deposits",
        default="mixed",
        metavar="PRESET",
        help="set of deposits (default: mixed; an unknown one lists all)",
    )
    parser.add_argument("--kernel", choices=KERNELS, default="soft", help="reconstruction kernel (default: soft)")
    for name, (default, unit, text) in NUMBERS.items():
        shown = "" if "default" in text else f" (default: {default:g})"
        kind = float if shown else _above_zero
        parser.add_argument(f"--{name}", type=kind, default=default, metavar=unit, help=text + shown)
    for name, text in COUNTS.items():
        parser.add_argument(f"--{name}", type=_from_one, default=0, metavar="N", help=text)
    for name, text in FLAGS.items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    parser.add_argument(
        "--no-vascular", action="store_false", dest="vascular", help="no calcified arteries in the mixed preset"
    )
    age = parser.add_mutually_exclusive_group()
    age.add_argument("--juvenile", action="store_true", help="a child of eight: growing, thin, porous bones")
    age.add_argument("--adult", action="store_false", dest="juvenile", help="an adult (default)")


def _from_one(text: str) -> int:
    """A whole number; 0 is how the specification says "by default", which nobody asks for by typing it."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def _above_zero(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


def run(args: argparse.Namespace) -> int:
    """Make the phantom; returns the exit code."""
    from calciscope.cli.progress_bar import progress_bar
    from calciscope.flows.make_phantom import make_phantom_folder
    from calciscope.phantom.spec import Body, Kernel, PhantomSpec

    names = [*NUMBERS, *COUNTS, *FLAGS, "seed", "deposits", "juvenile", "vascular"]
    chosen = {name.replace("-", "_"): getattr(args, name.replace("-", "_")) for name in names}
    spec = PhantomSpec(kind=Body(args.kind), kernel=Kernel(args.kernel), **chosen)
    with progress_bar(quiet=args.quiet) as progress:
        text = make_phantom_folder(spec, args.out, overwrite=args.overwrite, progress=progress)
    if args.json:
        print(text, end="")
    elif not args.quiet:
        print(f"Wrote a phantom scan and its truth.json to {args.out}.")
    return 0
