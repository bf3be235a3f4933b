"""What stands in a text is told with its line, so that an editor finds it."""

from hypothesis import given
from hypothesis import strategies as st

from templates.markdown import Directive
from templates.markdown_survey import At, Survey, survey

TEXT = """# Title

A [link](/mechanisms) and
![picture](https://example.org/x.png) and <b>bold</b>
and [another](javascript:x).

[[iom-roles]]

[[theme gcm]] stands not alone.

- [[emerging]]

<script>
alert(1)
</script>

| [cell](#title) |
|---|
| <br> |
"""


def test_survey_tells_lines() -> None:
    """Links, pictures, HTML, blocks, and blocks out of place, each with the line on which it stands."""
    assert survey(TEXT) == Survey(
        links=(At("/mechanisms", 3), At("javascript:x", 5), At("#title", 17)),
        pictures=(At("https://example.org/x.png", 4),),
        html=(At("<b>", 4), At("</b>", 4), At("<script>", 13), At("<br>", 19)),
        directives=(Directive("iom-roles", None, 7),),
        loose=(At("[[theme gcm]]", 9), At("[[emerging]]", 11)),
    )


@given(st.text(alphabet=st.sampled_from("[]()<>!#*-_|\\ \nab/:&;\"'`\t"), max_size=60))
def test_survey_reads_any_text(text: str) -> None:
    """No text is beyond it, and every line it names is one of the text's."""
    found = survey(text)
    told = (*found.links, *found.pictures, *found.html, *found.loose)
    lines = [*(one.line for one in told), *(one.line for one in found.directives)]
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
