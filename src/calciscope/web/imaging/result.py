"""What was measured on a scan: the picture, the burden, every candidate with what it may be, and who has decided what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from calciscope.record.fact import Fact
from calciscope.record.in_words.amounts import mass_words, number
from calciscope.record.in_words.cause_words import causes_words
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.permissions import Permission
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.queries.scans import measured_file
from calciscope.record.scans.chain import chains
from calciscope.record.scans.files import OVERVIEW, REPORT
from calciscope.record.scans.followed import Followed, comparison_of, families, tracked_to
from calciscope.record.scans.growth import Proposal, growth_proposed
from calciscope.record.scans.links import Linked, Suggestion, suggestions
from calciscope.record.scans.loss import UNKNOWN, Loss, losses
from calciscope.record.scans.reading import Read, read_candidates
from calciscope.record.scans.review import ACCEPTED as ACCEPTED_STATE
from calciscope.record.scans.review import REJECTED as REJECTED_STATE
from calciscope.record.scans.review import REPLACED, Review, reviewed
from calciscope.terms.deposits import Kind
from calciscope.terms.errors import NotAllowed
from calciscope.web.design.course import Course
from calciscope.web.design.days import written
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.gate.screen import Asked, screen
from calciscope.web.imaging.overview import MEASUREMENT, STUDY, TO_DECIDE
from calciscope.web.imaging.words import candidate_words, part_words

MOST_SET_ASIDE = 100
BEYOND, WITHIN = ", beyond measurement error", ", within measurement error"
LINK, NEW, KIND, ACCEPTED, REJECT = "link:", "new", "kind:", "accept", "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One candidate as the page shows it; ``chosen`` is what its list of choices says now."""

    number: int
    words: str
    mass: str
    skin: str
    kind: str
    confidence: str
    why: str
    before: str
    became: str
    suggested: Sequence[Suggestion]
    others: Sequence[tuple[str, str]]
    said: str
    by: str
    at: Any
    reason: str
    version: int
    chosen: str
    remark: str
    link: str = ""
    error: str = ""
    reviewed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was chosen for candidates by their numbers and is not saved, with what is wrong with it."""

    chosen: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)
    wrong: str = ""


NOTHING_TYPED = Typed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measurement with its study and the whole course of the patient."""

    page: PatientPage
    course: Course
    fact: Fact
    study: Fact

    @classmethod
    def of(cls, page: PatientPage, measurement: UUID) -> Result:
        """NotAllowed where this patient has no such measurement."""
        course = Course.of(page)
        fact = next((one for one in course.of_noun(MEASUREMENT) if one.uid == measurement), None)
        studies = {str(one.uid): one for one in course.of_noun(STUDY)}
        if fact is None or str(fact.data["study"]) not in studies:
            raise NotAllowed("There is no such measurement.")
        return cls(page=page, course=course, fact=fact, study=studies[str(fact.data["study"])])

    def read(self) -> tuple[Read, ...]:
        """Candidates with what was said of them."""
        return read_candidates(
            self.fact, self.page.facts
        )  # with what was taken back, whose version the next word follows

    def suggested(self) -> Mapping[int, Sequence[Suggestion]]:
        """For every candidate that nobody has decided on."""
        open_ones = [one.found for one in self.read() if one.decision is None]
        taken = {one.deposit for one in self.read()}
        free = [story for story in self.course.stories if str(story.id) not in taken]
        return suggestions(open_ones, free, self.elsewhere(), tracked_to(self.fact.uid, self.page.facts))

    def became(self) -> Mapping[int, str]:
        """Candidate -> what became of it since the scan before, with whether that is beyond measurement error."""
        found: dict[int, str] = {}
        why = self.causes()
        for place, one in enumerate(families(comparison_of(self.fact.uid, self.page.facts))):
            change = f" {_signed(one.change_percent)}" if isinstance(one.change_percent, int | float) else ""
            beyond = "" if one.significant is None else BEYOND if one.significant else WITHIN
            cause = f", {causes_words(why[place].causes)}" if place in why else ""
            said = f"{one.event.replace('_', ' ')}{change}{beyond}{cause}" + (f" ({one.note})" if one.note else "")
            found |= dict.fromkeys(one.followup_ids, said)
        return found

    def causes(self) -> Mapping[int, Loss]:
        """Place among the families that lost mineral -> why, as far as the record says."""
        comparison = comparison_of(self.fact.uid, self.page.facts)
        scans = {str(one.uid): one for one in self.course.of_noun(MEASUREMENT)}
        earlier = scans.get(str(comparison.data["earlier"])) if comparison else None
        return losses((earlier, self.fact), families(comparison), self.course.facts) if earlier else {}

    def before(self) -> Mapping[str, str]:
        """Deposit -> its mass on the scans before this one, as measured; several parts of one scan are named each."""
        found: dict[str, list[str]] = {}
        for one in self.elsewhere(earlier=True):
            found.setdefault(str(one.deposit), []).append(f"{mass_words(one.candidate)} on {one.on}")
        return {deposit: "; ".join(words) for deposit, words in found.items()}

    def elsewhere(self, *, earlier: bool = False) -> list[Linked]:
        """Candidates of other scans, or of earlier ones alone, that are linked already."""
        found = []
        for other in self.course.of_noun(MEASUREMENT):
            if other.uid == self.fact.uid or (earlier and self.course.when(other) >= self.course.when(self.fact)):
                continue
            on = written(self.course.when(other).isoformat())
            found += [
                Linked(deposit=UUID(one.deposit), candidate=one.found, on=on)
                for one in read_candidates(other, self.course.facts)
                if one.deposit
            ]
        return found


@screen(permission=Permission.SEE_PATIENT)
def measured(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The page of one measurement."""
    result = Result.of(patient_page(by=request.actor, patient=patient), measurement)
    return result_page(request, result)


def result_page(request: Asked, result: Result, typed: Typed = NOTHING_TYPED) -> HttpResponse:
    """The page, with what was chosen but not saved."""
    read = result.read()
    suggested, before, became = result.suggested(), result.before(), result.became()
    data, review = result.fact.data, reviewed(result.fact, result.page.facts)
    in_review = _in_review(review)
    rows = [
        replace(
            _row(one, result, suggested.get(one.number, ()), before, became, typed),
            reviewed=in_review.get(str(one.number), ""),
        )
        for one in read
    ]
    shown = [row for row, one in zip(rows, read, strict=True) if str(one.found["kind"]) in TO_DECIDE]
    aside = [row for row, one in zip(rows, read, strict=True) if str(one.found["kind"]) not in TO_DECIDE]
    by_word = {"deposits": len(review.counted), **asdict(review.burden)}
    changed = any(not one.unedited and one.last for one in review.items)
    context = {
        "way": "patients",
        "banner": patient_banner(result.page),
        "result": result.fact,
        "study": result.study,
        "on": result.course.when(result.study),
        "parts": part_words(result.study),
        "mass": mass_words(data),
        "volume": number(data.get("volume_ml")),
        "by_word": by_word if changed else None,
        "word_mass": mass_words(by_word),
        "rows": shown,
        "aside": aside[:MOST_SET_ASIDE],
        "more_aside": max(0, len(aside) - MOST_SET_ASIDE),
        "undecided": len(review.asked),
        "unlinked": sum(not row.said for row in shown),
        "rest": request.POST.get("rest", ""),
        "kinds": [(kind.value, kind.value.replace("_", " ")) for kind in Kind],
        "compared": _compared(result),
        "growth": _growth(result),
        "waits_for": _waits_for(result),
        "checks": data.get("checks", ()),
        "wrong": [(f"c-{one}", f"Number {one}", message) for one, message in typed.errors.items()]
        + ([("", "", typed.wrong)] if typed.wrong else []),
    }
    return render(
        request, "imaging/measured.html", context, status=422 if typed.errors else 409 if typed.wrong else 200
    )


@screen(permission=Permission.SEE_PATIENT)
def overview_picture(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The picture of all that was found, through the scope and with a line in the audit."""
    whole = measured_file(by=request.actor, patient=patient, measurement=measurement, name=OVERVIEW)
    response = HttpResponse(whole, content_type="image/png")
    response["Content-Disposition"] = 'inline; filename="overview.png"'
    return response


@screen(permission=Permission.SEE_PATIENT)
def report(request: Asked, patient: UUID, measurement: UUID) -> HttpResponse:
    """The report as PDF; the file's name tells nothing of the patient."""
    whole = measured_file(by=request.actor, patient=patient, measurement=measurement, name=REPORT)
    response = HttpResponse(whole, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="report.pdf"'
    return response


def _row(
    one: Read,
    result: Result,
    suggested: Sequence[Suggestion],
    before: Mapping[str, str],
    became: Mapping[int, str],
    typed: Typed,
) -> Row:
    found, decision = one.found, one.decision
    names = {str(story.id): f"{story.label} {place_of(story)}" for story in result.course.stories}
    near = {str(said.deposit) for said in suggested}
    depth = found.get("skin_depth_mm")
    return Row(
        number=one.number,
        words=candidate_words(found),
        mass=mass_words(found),
        skin=f"{depth:.0f} mm below the skin" if isinstance(depth, int | float) else "",
        kind=str(found["kind"]).replace("_", " "),
        confidence=f"{100 * float(found['confidence']):.0f} %",
        why=str(found["reason"]),
        before=before.get(one.deposit, ""),
        became=became.get(one.number, ""),
        suggested=suggested,
        others=[(key, words) for key, words in names.items() if key not in near],
        said=_said(one, names),
        by=decision.by if decision else "",
        at=decision.at if decision else None,
        reason=str(decision.data.get("reason", "")) if decision else "",
        version=one.version,
        chosen=typed.chosen.get(one.number, "").removeprefix(KIND),
        remark=typed.remarks.get(one.number, ""),
        link=one.deposit,
        error=typed.errors.get(one.number, ""),
    )


def _said(one: Read, names: Mapping[str, str]) -> str:
    if one.decision is None:
        return ""
    data = one.decision.data
    linked = names.get(one.deposit, "a deposit that was taken back") if one.deposit else ""
    if data["decision"] == "reject":
        return "Rejected: not a finding"
    if data["decision"] == "relabel":
        return f"It is {str(data['kind']).replace('_', ' ')}" + (f": {linked}" if linked else "")
    return f"Accepted as {linked}" if linked else "Accepted, not followed on the map"


def _compared(result: Result) -> Mapping[str, Any] | None:
    """What was said of the comparison with the scan before, and what is gone since then."""
    comparison = comparison_of(result.fact.uid, result.page.facts)
    earlier = next(
        (
            one
            for one in result.course.of_noun(MEASUREMENT)
            if comparison and str(one.uid) == comparison.data["earlier"]
        ),
        None,
    )
    if comparison is None or earlier is None:
        return None
    why = result.causes()
    gone = [
        f"{number} ({causes_words(why.get(place, UNKNOWN).causes)})"
        for place, one in enumerate(families(comparison))
        if one.event == "resolved"
        for number in sorted(one.baseline_ids)
    ]
    return {
        "on": result.course.when(earlier),
        "address": earlier.uid,
        "possible": comparison.data["outcome"] == "compared",
        "message": comparison.data.get("message", ""),
        "burden": _burden_words(comparison.data.get("burden", {})),
        "gone": ", ".join(gone),
    }


def _waits_for(result: Result) -> date | None:
    """The day of the scan that this one is going to be compared with; None where that was done, or nothing is before it."""
    chain = next(
        (one for one in chains(result.page.facts) if any(scan.uid == result.fact.uid for scan in one.scans)), None
    )
    step = next((one for one in chain.steps if one.later.uid == result.fact.uid), None) if chain else None
    return step.earlier.effective_on if step and step.comparison is None else None


def _in_review(review: Review) -> dict[str, str]:
    """Candidate -> what a review said of it, with who and when; decisions on this page are told by themselves."""
    words = {ACCEPTED_STATE: "accepted", REJECTED_STATE: "rejected", REPLACED: "split or merged"}
    return {
        one.id: f"{words[one.state]} in the review by {one.last.by}, {written(one.last.at.date().isoformat())}"
        for one in review.items
        if one.last is not None and one.last.step and one.state in words
    }


def _growth(result: Result) -> list[tuple[Proposal, str]]:
    """What tracking found grown beyond error, each in words."""
    names = {story.id: f"{story.label} {place_of(story)}" for story in result.course.stories}
    proposed = growth_proposed(result.fact, result.page.facts, result.course.stories)
    return [(one, f"{names[one.deposit]}: {_burden_words(_masses(one.family))}") for one in proposed]


def _masses(family: Followed) -> Mapping[str, Any]:
    return {
        "baseline_mg": family.baseline_mass_mg,
        "followup_mg": family.followup_mass_mg,
        "change_percent": family.change_percent,
        "significant": family.significant,
    }


def _burden_words(burden: Mapping[str, Any]) -> str:
    """Such as "6,014 to 6,364 mg (+6 %, beyond measurement error)"; empty where the burden cannot be compared."""
    values = [burden.get(name) for name in ("baseline_mg", "followup_mg", "change_percent")]
    if not all(isinstance(value, int | float) for value in values):
        return ""
    significant = burden.get("significant")
    beyond = "" if significant is None else BEYOND if significant else WITHIN
    return f"{number(values[0])} to {number(values[1])} mg ({_signed(values[2])}{beyond})"


def _signed(percent: Any) -> str:
    """Such as "+6 %", with a true minus; no sign where it rounds to nothing."""
    whole = round(float(percent))
    return f"{whole:+d} %".replace("-", "\u2212") if whole else "0 %"
