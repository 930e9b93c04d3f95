"""One page for the family in plain words: what was found, what was agreed, and when to call. It holds no advice."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.share.letter.parts.said import RESEARCH_USE, counted, free, head
from calciscope.terms.letter import (
    Beside,
    Block,
    Box,
    Bullets,
    Heading,
    Letter,
    Pairs,
    Paragraph,
    Simple,
    Tone,
)
from calciscope.terms.letter_facts import (
    LetterFacts,
    PatientText,
    PlanState,
    Reader,
    ToldDeposit,
    ToldOption,
    ToldScan,
    Typed,
)

TITLE = "Page for the family"
HEADING = "What we found and what we agreed"
SUMMARY = "One page in plain words for the patient or the family: what we found, what we agreed, and when to call."
SENT_TO = ("patient", "family")
ASKS = ("recipient", "salutation", "opening", "closing", "phone")
NEEDS: tuple[str, ...] = ()
JUDGED = False
PICTURED = False
MOST_DEPOSITS = 4  # told of one by one; of the others the page has room for the place
CALLS = ("call_now", "call_today", "nobody_answers")
EMPTY_LINE = "______________________________"
LEAST_MG = 10.0  # below it a weight means nothing to a family (judgement)
WHOLE_GRAMS = 10.0  # from here whole grams are told
GOALS = {
    Reader.ADULT: "Your goals, in your own words",
    Reader.YOUNG: "Your goals, in your own words",
    Reader.CHILD: "Your child's goals, in your family's own words",
}
PLAIN_STATES = {
    "ulcerated": "the skin over it is open",
    "inflamed": "the skin over it is red and sore",
    "extruding": "white chalk comes out of it",
    "draining": "fluid comes out of it",
    "infection_suspected": "it may be infected",
    "infection_confirmed": "it is infected",
    "infection_excluded": "we checked: it is not infected",
    "growing": "it is growing",
    "shrinking": "it is getting smaller",
    "stable": "it has not changed",
    "recurred": "it has come back",
}
TRENDS = {
    "more": "That is more than on the scan before.",
    "less": "That is less than on the scan before.",
    "same": "Nothing had changed that the scan can tell for sure.",
}
ACTIVE = {
    True: "The illness was active when we last looked.",
    False: "The illness was quiet when we last looked.",
    None: "How active the illness is was not written down yet. We will look at it at the next visit.",
}
NO_PLAN = "There is no signed plan yet. We will talk about it together, and you will get it in writing."
PLAN_ENDED = "The last plan has ended. We will talk about the next steps together, and you will get them in writing."


def greeting(facts: LetterFacts) -> str:
    """To the patient, or to the family of a child."""
    who = facts.who
    if who.reader is Reader.CHILD:
        return f"Dear family of {who.given_name},"
    return f"Dear {who.given_name}," if who.reader is Reader.YOUNG else f"Dear {who.given_name} {who.family_name},"


def compose(facts: LetterFacts, typed: Typed, _pictures: Sequence[Block]) -> Letter:
    """The whole page. Only a plan in force is told of."""
    return Letter(
        kind="family",
        head=head(facts, typed, HEADING),
        draft="",
        large=True,
        blocks=(
            Paragraph(text=typed.salutation or greeting(facts)),
            *free(typed.opening),
            *_texts(facts, "about"),
            Heading(text="What we found"),
            *_found(facts),
            Heading(text="What we agreed"),
            *_agreed(facts),
            _when_to_call(facts, typed),
            *free(typed.closing or "With kind regards"),
            Paragraph(text=f"{facts.sender.name}, {facts.sender.role.replace('_', ' ')}"),
            Paragraph(text=_sources(facts.texts), tone=Tone.QUIET),
        ),
    )


def _found(facts: LetterFacts) -> list[Block]:
    there = [one for one in facts.deposits if not one.ended]
    blocks: list[Block] = []
    if there:
        blocks.append(Paragraph(text=f"We know of {counted(len(there), 'place')} with calcium:"))
        items = [_deposit(one) for one in there[:MOST_DEPOSITS]]
        more = there[MOST_DEPOSITS:]
        if more:
            places = dict.fromkeys(one.place or "place not written down" for one in more)
            items.append(f"and {len(more)} more: {', '.join(places)}")
        blocks.append(Bullets(items=tuple(items)))
    else:
        looked = facts.examined.startswith("Whole body") and "none found" in facts.examined
        blocks.append(
            Paragraph(
                text="We looked at the whole body and found no calcium."
                if looked
                else "No calcium is written down so far."
            )
        )
    gone = sum(one.ended for one in facts.deposits)
    listed = "is no longer on our list" if gone == 1 else "are no longer on our list"
    told = [f"{counted(gone, 'place')} from before {listed}."] if gone else []
    if facts.scans:
        told += [_weighed(facts.scans[0]), TRENDS.get(facts.scans[0].trend, "")]
    return [*blocks, Paragraph(text=" ".join(part for part in (*told, ACTIVE[facts.active]) if part))]


def _weighed(scan: ToldScan) -> str:
    """In grams, with what the true amount lies between."""
    mass, low, high = scan.mass_mg, scan.mass_lower_mg, scan.mass_upper_mg
    if mass is None:
        return f"A scan was done on {scan.on}. It could not weigh the calcium."
    if mass < LEAST_MG:
        return f"A scan on {scan.on} weighed the calcium: less than {_grams(LEAST_MG)} grams."
    told = f"A scan on {scan.on} weighed the calcium: about {_grams(mass)} grams"
    return (
        f"{told}." if low is None or high is None else f"{told}, most likely between {_grams(low)} and {_grams(high)}."
    )


def _grams(mass_mg: float) -> str:
    """To two figures, never in powers of ten."""
    grams = mass_mg / 1000
    return f"{grams:.0f}" if grams >= WHOLE_GRAMS else f"{max(grams, 0.001):.2g}"


def _deposit(one: ToldDeposit) -> str:
    states = [word.strip().replace(" ", "_") for word in one.state.split(",")]
    plain = [PLAIN_STATES[state] for state in states if state in PLAIN_STATES]
    size = one.size.split(" (")[0].split(",")[0]
    told = [one.place or "place not written down", *([f"about {size}"] if size[:1].isdigit() else []), *plain]
    return ", ".join(told)


def _agreed(facts: LetterFacts) -> list[Block]:
    plan = facts.plan
    if plan.state is PlanState.ENDED:
        return [Paragraph(text=PLAN_ENDED)]
    if plan.state is not PlanState.IN_FORCE:
        return [Paragraph(text=NO_PLAN)]
    blocks: list[Block] = []
    if plan.goals:
        blocks += [
            Paragraph(text=f"{GOALS[facts.who.reader]}:"),
            Paragraph(text=plan.goals, tone=Tone.QUOTE),
        ]
    plain = {code: " ".join(one.lines) for one in facts.texts for code in one.therapies}
    if plan.chosen:
        blocks.append(Bullets(items=tuple(_option(one, plain.get(one.code, "")) for one in plan.chosen)))
    rows = [
        ("Next steps", plan.next_steps),
        ("Who does what", plan.who_does_what),
        ("When we stop or change it", plan.stop_rule),
        ("We look at it again on", plan.review_on or "not agreed yet"),
    ]
    return [*blocks, Pairs(rows=tuple((label, words) for label, words in rows if words))]


def _option(one: ToldOption, plain: str) -> str:
    told = f"{one.title}{f', {one.dose}' if one.dose else ''}."
    who = f"Who does it: {one.who}." if one.who else ""
    stop = f"We stop or change it when: {one.stop_rule.rstrip('.')}." if one.stop_rule else ""
    return " ".join(part for part in (told, plain, who, stop) if part)


def _texts(facts: LetterFacts, part: str) -> list[Block]:
    return [Paragraph(text=" ".join(one.lines)) for one in facts.texts if one.part == part]


def _when_to_call(facts: LetterFacts, typed: Typed) -> Box:
    said = {part: tuple(line for one in facts.texts if one.part == part for line in one.lines) for part in CALLS}
    lists = Beside(
        left=(Paragraph(text="Get help at once, day or night:", tone=Tone.LEAD), Bullets(items=said["call_now"])),
        right=(Paragraph(text="Call us on the same day:", tone=Tone.LEAD), Bullets(items=said["call_today"])),
    )
    phone = Pairs(rows=(("Our phone number", typed.phone or facts.sender.phone or EMPTY_LINE),))
    blocks: list[Simple | Beside] = [lists, phone]
    blocks += [Paragraph(text=line) for line in said["nobody_answers"]]
    return Box(title="What to look out for, and when to call", blocks=tuple(blocks), tone=Tone.WARNING)


def _sources(texts: Sequence[PatientText]) -> str:
    """Where the ready-made sentences come from; a clinician has not looked at them until their file says so."""
    cited = list(dict.fromkeys(f"{one.source} ({one.verification})" for one in texts))
    reviewed = ", ".join(sorted({one.reviewed_by for one in texts})) or "nobody yet"
    told = f"The general texts come from: {'; '.join(cited)}. " if cited else ""
    return f"{told}Clinically reviewed by: {reviewed}. {RESEARCH_USE}"
