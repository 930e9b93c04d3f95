"""The reference pages of advice, from the knowledge base itself and from the worked patients of tests/spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from calciscope.knowledge import Knowledge, knowledge
from calciscope.knowledge.currency import checked_files
from calciscope.knowledge.model import Comparison, Condition, Criterion, Level, Rule, Therapy

HEADINGS = {
    Level.RED_FLAG: "Red flags of the patient",
    Level.FINDING: "Findings of the patient",
    Level.STOP: "Stops",
    Level.CAUTION: "Cautions",
    Level.MONITORING: "Monitoring",
    Level.INFORMATION: "Information",
}
SIGNS = {
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "≤",
    Comparison.ABOVE: ">",
    Comparison.AT_LEAST: "≥",
    Comparison.ABOVE_ULN: "> x upper limit:",
    Comparison.AT_LEAST_ULN: "≥ x upper limit:",
}

THERAPIES = """What `calciscope advise` knows of each therapy, for discussion by the treating team
([intended purpose of advice](../advice-intended-purpose.md)). Clinically reviewed by: nobody yet. Nothing has a label for
calcinosis; nearly all studies are uncontrolled; deposits can shrink by themselves, and single cases are almost all successes. A
percentage stands beside its n, design and population, and means little without them. *Level*: Oxford 2011 for calcinosis as the
outcome (4c: single cases; 0: no data in people)."""

RULES = """Every rule that advice applies, as it stands in `src/calciscope/knowledge/rules` (one file a rule). A *stop* does not hide a
therapy: it is shown with it. While a fact that a rule asks for is not known, the rule asks for it; not known never counts as normal.
*Verification*: seen (label, guideline or paper read), secondary (read in a source that quotes it), judgement (ours), memory (not
looked up, so not established). Clinically reviewed by: nobody yet."""

PATIENTS = """Worked patients, invented, each with what advice must say of them; `tests/spec` holds the program to these tables, and
each rule speaks in one of them and is silent in another. They were written from the literature and labels, not from what the
program says. Clinically reviewed by: nobody yet."""

UPKEEP = """Every therapy, rule and trial carries the day on which it was last held against the literature, labels and
registers, and is due again after an interval that depends on what it is. `calciscope knowledge overdue` lists what is overdue today
([how to keep the knowledge current](../how-to/keep-knowledge-current.md)). The intervals are a judgement; nobody has reviewed them."""

SOURCES = """Where the knowledge of advice comes from, and how much of each was read. What was read is nearly always an abstract, a
register page or an excerpt of a label."""


def advice_pages(generated: str) -> dict[str, str]:
    """Place below docs/ -> text; ``generated`` is the mark of a generated page."""
    known = knowledge()
    return {
        "reference/therapies.md": page("Therapies", generated, THERAPIES, _therapies(known)),
        "reference/rules.md": page("Rules of advice", generated, RULES, _rules(known)),
        "reference/worked-patients.md": page("Worked patients", generated, PATIENTS, _patients(known)),
        "reference/knowledge-upkeep.md": page("What is to be checked, and when", generated, UPKEEP, _upkeep(known)),
        "reference/advice-sources.md": page("Sources of advice", generated, SOURCES, _sources(known)),
    }


def page(title: str, generated: str, introduction: str, parts: Iterable[str]) -> str:
    """A whole generated page."""
    return "\n\n".join([f"# {title}", generated, introduction, *parts]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as a Markdown table."""
    cells = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    lines = [columns, ["---"] * len(columns), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _therapies(known: Knowledge) -> Iterable[str]:
    groups: dict[str, list[Therapy]] = {}
    for one in known.therapies.values():
        groups.setdefault(one.group, []).append(one)
    for group, members in sorted(groups.items()):
        yield f"## {group[0].upper()}{group[1:]}"
        for one in members:
            yield from _therapy(one, known)


def _therapy(one: Therapy, known: Knowledge) -> Iterable[str]:
    yield f"### {one.title}"
    (upkeep,) = [each for each in checked_files(known) if (each.folder, each.id) == ("therapies", one.id)]
    yield (
        f"`{one.id}`. {one.label} Level: {one.level}. Last checked: {written(upkeep.checked)}, to be checked again by "
        f"{written(upkeep.due)}; clinically reviewed by: {one.reviewed_by}."
    )
    if not one.offered:
        source = known.sources[one.not_offered_source].cite
        yield f"**Not offered.** {one.not_offered_because} ({source}; {one.not_offered_verification})"
    if one.places:
        rows = [
            [" and ".join(situation.replace("_", " ") for situation in place.situations), place.line, place.why,
             f"{known.sources[place.source].cite} ({place.verification})"]
            for place in one.places
        ]  # fmt: skip
        yield table(["when", "line", "why", "source"], rows)
    if one.evidence:
        rows = [
            [row.design, "not told" if row.n is None else row.n, row.population, row.outcome, row.level,
             f"{row.source} ({row.verification})" + (f"; population: {row.mismatch}" if row.mismatch else "")]
            for row in one.evidence
        ]  # fmt: skip
        yield table(["design", "n", "population", "outcome", "level", "source"], rows)
    for dose in one.doses:
        yield f"Dose as published, {dose.population}: {dose.text} ({dose.source}; {dose.verification})."
    practical = f" {one.practical}" if one.practical else ""
    summary = f"{known.sources[one.summary_source].cite}; {one.summary_verification}"
    yield (
        f"Response: {one.time_to_response} Failure: {one.failure} Adverse effects: {one.adverse_effects}{practical} "
        f"({summary})"
    )


def _rules(known: Knowledge) -> Iterable[str]:
    stops = [rule for rule in known.rules.values() if rule.level is Level.STOP]
    marks = Counter(str(rule.verification) for rule in stops)
    shares = ", ".join(f"{mark} {count} ({count / len(stops):.0%})" for mark, count in sorted(marks.items()))
    yield f"{len(known.rules)} rules, {len(stops)} of them hard stops. Whose word the stops rest on: {shares}."
    for level, heading in HEADINGS.items():
        yield f"## {heading}"
        rows = [
            [f"`{rule.id}`", _for(rule, known), _when(rule, known), rule.because, _source(rule, known)]
            for rule in known.rules.values()
            if rule.level is level
        ]
        yield table(["rule", "for", "when", "because", "source"], rows)


def _for(rule: Rule, known: Knowledge) -> str:
    names = sorted(rule.therapies)
    shown = ", ".join(f"`{one}`" for one in names[:4])
    return shown + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _when(rule: Rule, known: Knowledge) -> str:
    parts = [condition_words(one, known) for one in rule.when]
    if rule.partner:
        names = sorted(rule.partner.therapies)
        drugs = " or ".join(known.vocabulary.comedications[one].title if one in known.vocabulary.comedications else one
                            .replace("_", " ") for one in names[:5]) + (" and others" if len(names) > 5 else "")  # fmt: skip
        partner = rule.partner
        extra = f" ({partner.indication})" * bool(partner.indication)
        extra += f" (unless {partner.indication_not})" * bool(partner.indication_not)
        extra += f" (more than {partner.dose_above:g})" if partner.dose_above is not None else ""
        parts.append(f"with {drugs}{extra}")
    text = "; and ".join(parts) or "always"
    return text + "".join(f"; unless {condition_words(one, known)}" for one in rule.unless)


def condition_words(condition: Condition, known: Knowledge) -> str:
    """A condition as one reads it."""
    return " or ".join(" with ".join(_criterion(one, known) for one in each) for each in condition.alternatives)


def _criterion(criterion: Criterion, known: Knowledge) -> str:
    word = known.vocabulary.facts[criterion.fact]
    if criterion.comparison is Comparison.IS:
        return word.title if criterion.limit else f"no {word.title}"
    if criterion.comparison in SIGNS:
        unit = "" if criterion.comparison in {Comparison.ABOVE_ULN, Comparison.AT_LEAST_ULN} else f" {word.unit}"
        return f"{word.title} {SIGNS[criterion.comparison]} {criterion.limit:g}{unit}"
    side = "below" if criterion.comparison is Comparison.BELOW_RANGE else "above"
    return f"{word.title} {side} the laboratory's range"


def _source(rule: Rule, known: Knowledge) -> str:
    where = f", {rule.jurisdiction}" if rule.jurisdiction else ""
    return f"{known.sources[rule.source].cite}{where} ({rule.verification})"


def _patients(known: Knowledge) -> Iterable[str]:
    from tests.spec.vignettes import vignettes

    for one in vignettes():
        yield f"## {one.id.partition('-')[0]}. {one.title}"
        yield one.story
        yield table(["what is known", ""], _told(one.picture))
        yield table(["what must come out", ""], _expected(one.expect, known))


def _told(picture: Mapping[str, Any]) -> Iterable[list[str]]:
    patient, diagnosis = picture["patient"], picture["diagnosis"]
    yield ["patient", _pairs(patient) or "nothing"]
    yield ["disease", f"{_pairs(diagnosis) or 'nothing'}; {picture['activity']['state']}"]
    if "deposits" in picture:
        yield ["deposits", "<br>".join(_deposit(one) for one in picture["deposits"]) or "none"]
    if picture.get("labs"):
        yield ["results", ", ".join(f"{one['name']} {one['value']} {one['unit']}" for one in picture["labs"])]
    if "medications" in picture:
        yield ["drugs", ", ".join(_drug(one) for one in picture["medications"]) or "none"]
    for key, title in (("conditions", "present"), ("conditions_absent", "absent"), ("allergies", "allergies")):
        if picture.get(key):
            yield [title, ", ".join(one.replace("_", " ") for one in picture[key])]
    if picture.get("screened"):
        yield ["last looked at", _pairs(picture["screened"])]


def _pairs(held: Mapping[str, Any]) -> str:
    shown = {
        key.replace("_", " "): ", ".join(value) if isinstance(value, list) else value for key, value in held.items()
    }
    return ", ".join(f"{key} {_day(str(value))}" for key, value in shown.items() if value not in (None, ""))


def _day(text: str) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    parts = text.split("-")
    plain = len(parts) == 3 and all(part.isdigit() for part in parts)
    return (
        f"{parts[2]} {months[int(parts[1]) - 1]} {parts[0]}"
        if plain
        else text.replace("True", "yes").replace("False", "no")
    )


def _deposit(one: Mapping[str, Any]) -> str:
    state = ", ".join(word.replace("_", " ") for word in one["state"])
    size = f"{one['longest_mm']} mm" if one.get("longest_mm") else ""
    return f"{one['side']} {one['site'].replace('_', ' ')}, {one['layer']} {one['form']} {size}" + (
        f": {state}" if state else ""
    )


def _drug(one: Mapping[str, Any]) -> str:
    dose = f" {one['dose']} {one.get('unit', '')}" if "dose" in one else ""
    why = f" ({one['indication'].replace('_', ' ')})" if "indication" in one else ""
    return f"{one['therapy'].replace('_', ' ')}{dose}{why}"


def _expected(expect: Mapping[str, Any], known: Knowledge) -> Iterable[list[str]]:
    yield ["red flags", _named(expect["red_flags"], known) or "none"]
    fires = [one for one in expect["fires"] if one not in expect["red_flags"]]
    if fires:
        yield ["speaks", _named(fires, known)]
    if expect["silent"]:
        yield ["is silent", ", ".join(f"`{one}`" for one in expect["silent"])]
    if expect.get("lines"):
        yield [
            "lines",
            ", ".join(f"{one.replace('_', ' ')}: {line.replace('_', ' ')}" for one, line in expect["lines"].items()),
        ]
    if expect.get("no_stops"):
        yield ["no stop for", ", ".join(one.replace("_", " ") for one in expect["no_stops"])]
    if expect.get("due"):
        yield ["monitoring", ", ".join(f"`{rule}`: {told}" for rule, told in expect["due"].items())]
    for one, ask in expect.get("needs", {}).items():
        yield [f"asked for {one.replace('_', ' ')}", ask]
    for key, title in (("support", "calcinosis of dermatomyositis supported"), ("subtype", "first subtype")):
        if key in expect:
            yield [title, expect[key]]


def _named(rules: Iterable[str], known: Knowledge) -> str:
    return "<br>".join(
        f"`{one}` ({known.rules[one].level.replace('_', ' ')}): {known.rules[one].because}" for one in rules
    )


def _upkeep(known: Knowledge) -> Iterable[str]:
    files = checked_files(known)
    counts = Counter(one.kind for one in files)
    yield table(
        ["kind", "files", "again after", "because"],
        [[one.title, counts[kind], f"{one.months} months", one.because] for kind, one in known.intervals.items()],
    )
    yield "## Therapies and trials, the first due at the head"
    yield table(
        ["file", "title", "last checked", "due"],
        [
            [f"`{one.folder}/{one.id}`", one.title, written(one.checked), written(one.due)]
            for one in files
            if one.folder != "rules"
        ],
    )
    yield "## Rules by the day on which they are due"
    days = Counter((one.due, one.kind) for one in files if one.folder == "rules")
    yield table(
        ["due", "kind", "rules"],
        [[written(due), known.intervals[kind].title, count] for (due, kind), count in sorted(days.items())],
    )
    yield "## References that wait to be looked at"
    rows = [
        [one.cite, " ".join(each for each in (one.pmid and f"PMID {one.pmid}", one.doi) if each), ", ".join(one.suggests),
         written(one.found_on), one.state.replace("_", " ") + (f": {one.why}" if one.why else "")]
        for one in known.waiting.values()
    ]  # fmt: skip
    yield table(["reference", "number", "may be about", "imported", "state"], rows) if rows else "None."


def written(day: date) -> str:
    """07 Mar 2026, the same under every locale."""
    return _day(day.isoformat())


def _sources(known: Knowledge) -> Iterable[str]:
    rows = [[f"`{one.id}`", one.cite, one.kind, one.identifiers, one.read] for one in known.sources.values()]
    yield table(["id", "source", "kind", "identifiers", "what was read"], rows)
