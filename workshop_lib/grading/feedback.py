"""Feedback pages without hidden tests and without anything that runs in a reader's browser.

A step of ``nbgrader generate_feedback``, for any course::

    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "workshop_lib.grading.feedback.SafeFeedback",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]

The autograded notebook stays as it is: formgrader needs the hidden tests. nbgrader imports this
module, so nbgrader may be imported here at the top.
"""

import base64
import binascii
import builtins
import html
import re
from urllib.parse import unquote

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from workshop_lib.grading import IN_PROCESS

_HIDDEN = "# Hidden tests ran here."
_WHY_NO_WORDS = (
    "These tests had to run beside your code, and some are hidden, so no more is shown here."
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ARROW = re.compile(r"^\s*-+>\s*\d+\s?(.*)$")
_NUMBERED = re.compile(r"^\s*\d+\s?(.*)$")

_TAGS = (
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del"),
    *("details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *("u", "ul", "var"),
)
_ATTRIBUTES = {
    *("align", "alt", "aria-label", "border", "class", "colspan", "dir", "height", "id", "lang"),
    *("open", "role", "rowspan", "scope", "style", "title", "width"),
}
_STYLES = (
    *("background", "background-color", "border", "border-bottom", "border-collapse"),
    *("border-left", "border-radius", "border-right", "border-top", "color", "display"),
    *("font-family", "font-size", "font-style", "font-weight", "height", "list-style", "margin"),
    *("margin-bottom", "margin-left", "margin-top", "max-width", "overflow", "padding"),
    *("padding-left", "text-align", "text-decoration", "vertical-align", "white-space", "width"),
)
# Their text is no text for people, so they go with what is in them.
_WITH_CONTENT = (
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "template",
    "noscript",
    "svg",
    "math",
)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]*", re.ASCII)
_LINK = re.compile(r"(https?:|mailto:|#|[^:]*$)", re.IGNORECASE)
# An element that is not listed could end the drawing for a browser, which then reads HTML.
_SHAPES = {
    *("svg", "a", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line"),
    *("polyline", "polygon", "text", "tspan", "textpath", "title", "desc", "image", "clippath"),
    *("mask", "marker", "pattern", "lineargradient", "radialgradient", "stop"),
}
_SVG_STYLE = re.compile(r"\s*\*\s*\{(\s*stroke-[a-z]+:\s*[a-z]+;?)*\s*\}\s*")
_SVG_RULE = re.compile(
    r"\s*(fill|stroke|font|opacity|color|text|clip|marker|stop|letter|image|paint|shape)[a-z-]*"
    r"\s*:[^\\]*"
)
_SVG_LOADS = re.compile(r"url\s*\((?!\s*[\"']?#)|\\|javascript:", re.IGNORECASE)
_ATTACHED = re.compile(r"attachment:([^)\s\"'>]+)")
_TOO_LARGE = "<p>A large output was left out.</p>"
_MOST_SIGNS = 10_000
_MOST_SIGNS_OF_A_PAGE = 100_000
_MOST_MARKDOWN = 100_000
_MOST_MARKDOWN_OF_A_PAGE = 1_000_000
"""Signs of HTML (``<`` and ``&``) and characters of Markdown that are read of one text and of a
page: to make more of them harmless takes minutes."""
_WITH_SIGNS = {"text/html", "text/markdown"}
_KEPT_KINDS = ("text/html", "text/markdown", "text/latex", "text/plain")
_TEX_LINK = re.compile(r"\\(href|url|style|cssId|class|unicode|require|mmlToken)\b")


class SafeFeedback(NbGraderPreprocessor):
    """Take hidden tests, their traces and active content out of a notebook."""

    _signs = _markdown = 0

    def preprocess(self, nb, resources):
        """Clean the notebook that the feedback page is made of."""
        nb.metadata.pop("widgets", None)
        self._signs = self._markdown = 0  # of this page
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        """Clean one cell."""
        self._bound(cell)
        if cell.cell_type == "code":
            hidden = self._hide(cell)
            if hidden and _ran_beside_the_answer(cell):
                cell.outputs = _in_our_words(cell.outputs)
            cell.outputs = [clean_output(_without_hidden(o, hidden)) for o in cell.outputs]
        elif cell.cell_type == "markdown":
            cell.source = clean_markdown(cell.source, cell.pop("attachments", {}))
        else:
            cell.update(cell_type="markdown", source=f"```\n{cell.source.replace('```', '')}\n```")
        return cell, resources

    def _bound(self, cell):
        """Leave out pages of HTML when those before had as much as a page of feedback may have."""
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            self._signs += sum(signs_of(data.get(kind, "")) for kind in _WITH_SIGNS)
            if self._signs > _MOST_SIGNS_OF_A_PAGE:
                output["data"] = {kind: data[kind] for kind in data.keys() - _WITH_SIGNS}
        if cell.cell_type == "markdown":
            self._markdown += len(cell.source)
            if self._markdown > _MOST_MARKDOWN_OF_A_PAGE:
                cell.source = _shortened(cell.source, 1000)

    def _hide(self, cell):
        """Replace the hidden tests of a cell by one line; return the lines that were hidden."""
        marks = ClearHiddenTests(parent=self)
        begin, end = marks.begin_test_delimeter, marks.end_test_delimeter
        kept, hidden, inside = [], [], False
        for line in cell.source.split("\n"):
            if begin in line:
                inside = True
                hidden.append(line)
                kept.append(line[: len(line) - len(line.lstrip())] + _HIDDEN)
            elif end in line:
                inside = False
                hidden.append(line)
            else:
                (hidden if inside else kept).append(line)
        cell.source = "\n".join(kept)
        shown = {line.strip() for line in kept}
        return {line.strip() for line in hidden} - shown - {""}


def _ran_beside_the_answer(cell):
    """Tell whether an answer could read this test; checks of ours speak for themselves."""
    ours = cell.metadata.get("workshop", {})
    return ours.get("label") == IN_PROCESS and not ours.get("exercise")


def _in_our_words(outputs):
    """Say what happened without a word of the answer, which may have read the hidden tests."""
    errors = [output for output in outputs if output.output_type == "error"]
    if not errors:
        return []
    name = errors[-1].ename if hasattr(builtins, errors[-1].ename) else "Error"
    said = [f"{name}: a test failed. {_WHY_NO_WORDS}"]
    return [nbformat.v4.new_output("error", ename=name, evalue="a test failed", traceback=said)]


def _without_hidden(output, hidden):
    """Take the text of hidden tests out of an error."""
    if output.output_type != "error" or not hidden:
        return output
    lines = [line for part in output.traceback for line in _COLOUR.sub("", part).split("\n")]
    arrows = [match[1].strip() for match in map(_ARROW.match, lines) if match]
    if any(text in hidden for text in arrows):
        # The message may hold what the hidden test expects.
        output.evalue = "a hidden test failed"
        output.traceback = [f"{output.ename}: a hidden test failed"]
    else:
        output.traceback = ["\n".join(line for line in lines if _code_of(line) not in hidden)]
    return output


def _code_of(line):
    match = _ARROW.match(line) or _NUMBERED.match(line)
    return match[1].strip() if match else line.strip()


# ---------------------------------------------------------------------------------- active content


def clean_output(output):
    """Keep what people read of an output: texts, tables, pictures; nothing that runs.

    Parameters
    ----------
    output : nbformat.NotebookNode

    Returns
    -------
    nbformat.NotebookNode
    """
    if "data" not in output:
        return output
    data = {kind: output.data[kind] for kind in _KEPT_KINDS if kind in output.data}
    if "text/html" in data:
        data["text/html"] = clean_html(data["text/html"])
    if "text/markdown" in data:
        data["text/html"] = clean_markdown(data.pop("text/markdown"), {})
    if "text/latex" in data:
        data["text/latex"] = _TEX_LINK.sub(r"\\\\\1", data["text/latex"])
    for kind in ("image/png", "image/jpeg"):
        if _is_base64(output.data.get(kind)):
            data[kind] = output.data[kind]
    if "image/svg+xml" in output.data and (drawing := clean_svg(output.data["image/svg+xml"])):
        data["image/svg+xml"] = drawing
    alt = {kind: {"alt": str(m["alt"])} for kind, m in _metadata(output) if m.get("alt")}
    output.update(data=data, metadata=alt)
    return output


def _metadata(output):
    kinds = output.get("metadata", {}).items()
    return [(kind, value) for kind, value in kinds if isinstance(value, dict)]


def signs_of(text):
    """Count the characters with which tags and entities begin."""
    return text.count("<") + text.count("&")


def _is_base64(text):
    try:
        base64.b64decode(text, validate=False)
        return bool(re.fullmatch(r"[A-Za-z0-9+/=\s]+", text))
    except (binascii.Error, TypeError, ValueError):
        return False


def clean_html(text):
    """Keep harmless tags, attributes and styles of a piece of HTML.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> clean_html('<b onclick="x()">bold</b><script>alert(1)</script>')
    '<b>bold</b>'
    >>> clean_html('<a href="javascript:alert(1)">link</a>')
    '<a>link</a>'
    """
    import bleach
    from bleach.css_sanitizer import CSSSanitizer
    from bs4 import BeautifulSoup

    if signs_of(text) > _MOST_SIGNS:
        return _TOO_LARGE
    soup = BeautifulSoup(text, "html.parser")
    for element in soup.find_all(_WITH_CONTENT):
        element.decompose()
    return bleach.clean(
        str(soup),
        tags=_TAGS,
        attributes=_is_harmless,
        protocols=("http", "https", "mailto", "data"),
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES),
        strip=True,
    )


def _is_harmless(tag, name, value):
    if name == "src":
        return tag == "img" and bool(_PICTURE.fullmatch(value) or value.startswith("https://"))
    if name == "href":
        return tag == "a" and bool(_LINK.match(value.strip()))
    if name == "style":
        return not re.search(r"url\s*\(|expression|\\", value, re.IGNORECASE)
    return name in _ATTRIBUTES


def clean_markdown(text, attachments):
    """Turn Markdown into harmless HTML that is still valid Markdown.

    Parameters
    ----------
    text : str
    attachments : dict
        Pictures of the cell, as in its notebook.

    Returns
    -------
    str
        One line, because a blank line would end the HTML.
    """
    from nbconvert.filters import markdown2html

    if len(text) > _MOST_MARKDOWN:
        return _as_it_is(_shortened(text, _MOST_MARKDOWN))
    addresses = {
        name: f"data:{kind};base64,{content}"
        for name, bundle in attachments.items()
        for kind, content in bundle.items()
        if _is_base64(content)
    }
    # Each stands where it is first mentioned: a picture in a picture, or many times, has no end.
    filled = _ATTACHED.sub(lambda found: addresses.pop(unquote(found[1]), "#"), text)
    try:
        rendered = markdown2html(_TEX_LINK.sub(r"\\\\\1", filled))
    except Exception:  # whatever a student wrote, for example a picture that is missing
        return _as_it_is(text)
    return f"<div>{clean_html(rendered)}</div>".replace("\n", "&#10;")


def _as_it_is(text):
    return f"<pre>{html.escape(text)}</pre>".replace("\n", "&#10;")


def _shortened(text, most):
    return text if len(text) <= most else f"{text[:most]} …"


def clean_svg(text):
    """Keep shapes and texts of a drawing; nothing that runs, loads, or lies above the page.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Empty for what is no drawing.

    Examples
    --------
    >>> clean_svg('<svg onload="x()"><script>1</script><path d="M0 0"/></svg>')
    '<svg><path d="M0 0" /></svg>'
    """
    from xml.etree.ElementTree import ParseError, register_namespace, tostring

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    register_namespace("", "http://www.w3.org/2000/svg")
    register_namespace("xlink", "http://www.w3.org/1999/xlink")
    try:
        root = fromstring(text)
        if _local(root.tag) != "svg":
            return ""
        for parent in list(root.iter()):
            for child in [child for child in parent if not _is_shape(child)]:
                parent.remove(child)
            for name, value in list(parent.attrib.items()):
                if _local(name) == "style":
                    rules = filter(_SVG_RULE.fullmatch, value.split(";"))
                    value = parent.attrib[name] = ";".join(rules)
                if not _is_still(parent, _local(name), value):
                    del parent.attrib[name]
        return tostring(root, encoding="unicode")
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return ""


def _is_shape(element):
    """Tell whether an element of a drawing only draws."""
    if _local(element.tag) == "style":  # matplotlib writes one
        return not len(element) and bool(_SVG_STYLE.fullmatch(element.text or ""))
    return _local(element.tag) in _SHAPES


def _is_still(element, name, value):
    """Tell whether an attribute of a drawing runs nothing and loads nothing."""
    if name == "href":
        is_picture = _local(element.tag) == "image" and _PICTURE.fullmatch(value)
        return value.startswith("#") or bool(is_picture)
    return not name.startswith("on") and not _SVG_LOADS.search(value)


def _local(name):
    return str(name).rsplit("}", 1)[-1].lower()
