"""`python -m tests.baselines.renew`: measure the fixed phantoms, write their files, print what the changelog has to name."""

from __future__ import annotations

from tests.baselines.published import FOLDER, PHANTOMS, fingerprint, numbers, text_of


def main() -> None:
    """Write every file anew."""
    for name in PHANTOMS:
        text = text_of(name, numbers(name))
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"baseline {name} {fingerprint(text)}")


if __name__ == "__main__":
    main()
