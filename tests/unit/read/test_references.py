"""Lists of references in RIS, NBIB and PubMed XML are read alike; what is none of them is refused with what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calciscope.read.references import read_references
from calciscope.terms.errors import Refused

RIS = """TY  - JOUR
T1  - Calcinosis and an invented drug
AU  - Example, Ada
AU  - Other, Ben
JF  - Journal of Examples
Y1  - 2026/03/07/
DO  - https://doi.org/10.1000/XYZ.7
UR  - https://pubmed.ncbi.nlm.nih.gov/31234567/
AB  - Of methotrexate.
ER  -
"""
NBIB = """PMID- 31234567
OWN - NLM
DP  - 2026 Mar 7
TI  - Calcinosis and an
      invented drug.
AB  - Of methotrexate.
FAU - Example, Ada
AU  - Example A
FAU - Other, Ben
AU  - Other B
TA  - J Examples
JT  - Journal of Examples
LID - S0000 [pii]
AID - 10.1000/xyz.7 [doi]
"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle>
<MedlineCitation><PMID Version="1">31234567</PMID><Article><Journal><JournalIssue><PubDate><Year>2026</Year></PubDate></JournalIssue>
<Title>Journal of Examples</Title></Journal><ArticleTitle>Calcinosis and an <i>invented</i> drug.</ArticleTitle>
<ELocationID EIdType="pii">S0000</ELocationID><Abstract><AbstractText>Of methotrexate.</AbstractText></Abstract>
<AuthorList><Author><LastName>Example</LastName><Initials>A</Initials></Author><Author><CollectiveName>Group</CollectiveName></Author>
</AuthorList></Article><CommentsCorrectionsList><CommentsCorrections><PMID>1</PMID></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">31234567</ArticleId>
<ArticleId IdType="doi">10.1000/xyz.7</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle></PubmedArticleSet>
"""
BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]>
<PubmedArticleSet><PubmedArticle><MedlineCitation><Article><ArticleTitle>&y;</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""
OUTSIDE = BOMB.replace('"ha"', 'SYSTEM "file:///etc/hostname"').replace("&y;", "&x;")


@pytest.mark.parametrize("text", [RIS, NBIB, XML], ids=["ris", "nbib", "xml"])
def test_the_three_formats_tell_the_same(text: str) -> None:
    (one,) = read_references(text.encode())
    assert (one.title, one.year, one.pmid, one.doi) == (
        "Calcinosis and an invented drug",
        2026,
        "31234567",
        "10.1000/xyz.7",
    )
    assert one.authors[0].startswith("Example")
    assert len(one.authors) == 2
    assert "methotrexate" in one.about
    assert one.cite.startswith("Example") and " and others 2026, J" in one.cite


@pytest.mark.parametrize("text", [RIS, NBIB], ids=["ris", "nbib"])
def test_several_references_stand_one_after_the_other(text: str) -> None:
    both = f"\ufeff{text}\r\n{text.replace('31234567', '31234568')}"
    assert [one.pmid for one in read_references(both.encode())] == ["31234567", "31234568"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no list of references"),
        ("Dear colleague", "no list of references"),
        (RIS.replace("ER  -\n", ""), "begins in line 1 does not end"),
        (RIS.replace("ER  -\n", "TY  - JOUR\n"), "Line 10: a reference begins before the one of line 1 has ended"),
        (RIS + "AU  - Nobody\n", "Line 11: AU stands outside a reference"),
        (RIS.replace("T1  - Calcinosis and an invented drug\n", ""), "begins in line 1 has no title"),
        (NBIB + "what is this", "Line 15 is no line of an NBIB file"),
        (NBIB.replace("TI  - Calcinosis and an\n      invented drug.\n", ""), "begins in line 1 has no title"),
        (XML[:400], "not well-formed XML"),
        ("<html></html>", "holds no PubmedArticle"),
        (BOMB, "entities of its own"),
        (OUTSIDE, "entities of its own"),
        ("<PubmedArticleSet><PubmedArticle>" + "<a>" * 60, "nested too deeply"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_references(text.encode())


def test_other_bytes_and_too_many_are_refused() -> None:
    with pytest.raises(Refused, match="not UTF-8"):
        read_references(b"TY  - JOUR\xff")
    with pytest.raises(Refused, match="more than 20,000"):
        read_references(("TY  - X\nTI  - t\nER  -\n" * 20_001).encode())


@given(st.sampled_from([RIS, NBIB, XML]), st.data())
def test_a_damaged_list_is_read_or_refused(text: str, data) -> None:
    place = data.draw(st.integers(0, len(text)))
    put = data.draw(st.text(max_size=6))
    cut = data.draw(st.integers(0, 12))
    try:
        read_references((text[:place] + put + text[place + cut :]).encode("utf-8", "surrogatepass"))
    except Refused as refused:
        assert str(refused).endswith(".")
