"""S3's own XML → the configuration in it."""

from __future__ import annotations

from firnline.diagnostics.position import Source, Span
from firnline.lint.kinds import DOCUMENT
from firnline.lint.written import Form, ReadFile, Written
from firnline.s3.xml_shape import to_shape
from firnline.s3.xml_tree import Element, MalformedXml, read_xml


def read(body: bytes, source: Source) -> ReadFile:
    try:
        return ReadFile((_written(body, source),))
    except MalformedXml as error:
        start = min(source.start_of(error.line) + error.column - 1, len(source.text))
        found = DOCUMENT.at(Span(source, start, start + 1), f"not XML: {error}")
        return ReadFile(diagnostics=(found,))


def _written(body: bytes, source: Source) -> Written:
    places: dict[str, Span] = {}

    def note(path: str, element: Element) -> None:
        places[path] = _span_of(element, source)  # the last of two of the same name

    shape = to_shape(read_xml(body), note)
    return Written("", shape, None, lambda path, _key: places.get(path), source, Form.XML)


def _span_of(element: Element, source: Source) -> Span:
    """A short element as a whole, else its opening tag."""
    line, column = element.at
    text = source.text
    start = min(source.start_of(line) + column - 1, max(len(text) - 1, 0))
    end = text.find(">", start) + 1 or start + 1
    if not element.children and element.text:
        closing = text.find(">", text.find("</", end)) + 1
        if closing and "\n" not in text[start:closing]:
            end = closing
    return Span(source, start, end)
