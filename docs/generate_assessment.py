"""The reference pages of the assessment: steps, diagnoses, tests, risk factors, trials, from the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable

from calciscope.knowledge import Knowledge, knowledge
from calciscope.knowledge.model import Cause, Condition, Diagnosis
from docs.generate_advice import condition_words, page, table

ASSESSMENT = """How `calciscope advise` looks at whether this is calcinosis cutis in dermatomyositis: what belongs to each step, what each
finding speaks for or against, and which test would settle most for its burden. A diagnosis is *supported*, *mixed*, *against* or *open*
by what is recorded; there is no probability. Data in `src/calciscope/knowledge` (`steps`, `diagnoses`, `investigations`)."""

CAUSES = """Causes and risk factors that `calciscope advise` names when a patient has them, each with effect, interval, n and population.
**No individual risk can be worked out from these**: intervals are wide, most are not adjusted, and adults differ from children. Cohorts
of 34 and 48 children found no independent factor at all."""

TRIALS = """Trials as their registers showed them on the date given; look each up again before it is spoken of. *Open* ones are matched to a
patient by the criteria that a picture can answer; the others are kept for their result."""

BURDEN = (
    "",
    "a question",
    "blood or a radiograph",
    "ultrasound, MRI or lung function",
    "a biopsy or CT",
    "an operation",
)


def assessment_pages(generated: str) -> dict[str, str]:
    """Place below docs/ -> text; ``generated`` is the mark of a generated page."""
    known = knowledge()
    return {
        "reference/assessment.md": page("Assessment", generated, ASSESSMENT, _assessment(known)),
        "reference/risk-factors.md": page("Causes and risk factors", generated, CAUSES, _causes(known)),
        "reference/trials.md": page("Trials", generated, TRIALS, _trials(known)),
    }


def _assessment(known: Knowledge) -> Iterable[str]:
    yield "## Steps"
    titles = known.vocabulary.facts
    steps = sorted(known.steps.values(), key=lambda one: one.order)
    yield table(
        ["step", "what belongs to it"],
        [[one.title, "; ".join(titles[fact].title for fact in one.facts)] for one in steps],
    )
    for subtypes, heading in ((True, "Subtypes"), (False, "What else it could be")):
        yield f"## {heading}"
        for one in known.diagnoses.values():
            if one.subtype is subtypes:
                yield from _diagnosis(one, known)
    yield "## Tests"
    yield table(
        ["test", "burden", "would settle", "only when", "because", "source"],
        [
            [
                one.title,
                BURDEN[one.burden],
                ", ".join(titles[fact].title for fact in one.answers),
                _when(one.when, known) or "always",
                one.because,
                f"{known.sources[one.source].cite} ({one.verification})",
            ]
            for one in known.investigations.values()
        ],
    )


def _diagnosis(one: Diagnosis, known: Knowledge) -> Iterable[str]:
    yield f"### {one.title}" + (" (thought of first where anything speaks for it)" if one.urgent else "")
    yield table(
        ["speaks", "when", "because", "source"],
        [
            ["for" if each.for_it else "against", _when(each.when, known), each.because,
             f"{known.sources[each.source].cite} ({each.verification})"]
            for each in one.speaks
        ],
    )  # fmt: skip


def _causes(known: Knowledge) -> Iterable[str]:
    groups: dict[str, list[Cause]] = {}
    for one in known.causes.values():
        groups.setdefault(one.group, []).append(one)
    for group, members in sorted(groups.items()):
        yield f"## {group[0].upper()}{group[1:]}"
        yield table(
            ["factor", "named when", "effect", "n", "population", "what to watch", "source"],
            [
                [one.title, _when(one.when, known), one.effect, "not told" if one.n is None else one.n, one.population,
                 one.watch, f"{known.sources[one.source].cite} ({one.verification})"]
                for one in members
            ],
        )  # fmt: skip


def _trials(known: Knowledge) -> Iterable[str]:
    for open_, heading in ((True, "Open, as last seen"), (False, "Completed, withdrawn or not taking patients")):
        yield f"## {heading}"
        yield table(
            ["trial", "what", "therapy", "design", "population", "n", "status", "seen", "result", "criteria asked of a picture"],
            [
                [one.id, one.title, one.therapy.replace("_", " "), one.design, one.population,
                 "not told" if one.n is None else one.n, one.status, one.seen_on, one.result, _when(one.when, known)]
                for one in known.trials.values()
                if one.open is open_
            ],
        )  # fmt: skip


def _when(conditions: tuple[Condition, ...], known: Knowledge) -> str:
    return "; and ".join(condition_words(one, known) for one in conditions)
