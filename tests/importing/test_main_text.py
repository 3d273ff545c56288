"""What of a web page is the essay: scored on made-up pages in the forms of real sites."""

from articles.importing.edits import apply
from articles.importing.readers.webpage import read_page

from ..support.webpages import pages


def test_the_essay_is_found_and_its_neighbours_stay_out():
    found = wanted = let_in = unwanted = 0
    wrong = []
    for page in pages():
        source = read_page(page.markup.encode())
        kept = apply(source.text, source.edits)
        lost = [text for text in page.wanted if text not in kept]
        junk = [text for text in page.unwanted if text in kept]
        if lost or junk:
            wrong.append((page.form, [text[:20] for text in lost], [text[:20] for text in junk]))
        found += len(page.wanted) - len(lost)
        wanted += len(page.wanted)
        let_in += len(junk)
        unwanted += len(page.unwanted)
        assert all(text in source.text for text in page.wanted)  # whatever is left out is on record
    assert found == wanted, wrong
    assert let_in / unwanted <= 0.03, wrong
