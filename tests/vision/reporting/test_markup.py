"""Markup: text cannot become tags, whatever it is."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from calotype.vision.reporting.markup import Markup, joined, tag, text


@given(st.text())
def test_no_text_opens_a_tag_or_leaves_an_attribute(anything):
    seen = []

    class Reader(HTMLParser):
        def handle_starttag(self, name, attributes):
            seen.append((name, [key for key, _ in attributes]))

    Reader().feed(tag("p", anything, title=anything))
    assert seen == [("p", ["title"])]


def test_markup_is_put_in_as_it_is_and_strings_are_not():
    assert tag("p", tag("b", "a & b"), " <i>") == "<p><b>a &amp; b</b> &lt;i&gt;</p>"
    assert joined([1, None, [Markup("<br>"), "<"]]) == "1<br>&lt;"


def test_attributes_follow_html():
    assert (
        tag("img", src="x", alt='"', class_="a", hidden=False, loading=None)
        == '<img src="x" alt="&quot;" class="a">'
    )
    assert tag("video", controls=True) == "<video controls></video>"
    assert tag("line", stroke_width=2) == '<line stroke-width="2"/>'


def test_characters_that_hide_or_reorder_text_are_replaced():
    assert text("a\u202eb\x1b[31m\u200bc") == "a\ufffdb\ufffd[31m\ufffdc"
    assert text("line\n\tnext ä 漢") == "line\n\tnext ä 漢"
