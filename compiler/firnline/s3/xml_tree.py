"""XML → elements, and back.

Documents must be well-formed and without a document type, and so have no entities.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

S3_NAMESPACE: Final = "http://s3.amazonaws.com/doc/2006-03-01/"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_DEEPEST = 16


class MalformedXml(Exception):
    """S3 answers MalformedXML, whatever the reason; our text is for the log. `line` and `column`
    (from 1, in characters) say where reading stopped.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Element:
    """One XML element: either text or children, never both. `at`: where its tag begins."""

    name: str
    text: str = ""
    children: tuple[Element, ...] = ()
    # Line and column, both from 1, in characters; the same element may stand elsewhere.
    at: tuple[int, int] = field(default=(1, 1), compare=False)

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)


def read_xml(body: bytes) -> Element:
    """The root element. Raises only `MalformedXml`, whatever the bytes."""
    return _Reader().read(body)


def write_xml(root: Element, namespace: str = S3_NAMESPACE, *, declared: bool = True) -> str:
    """A document whose elements are all in `namespace`; in none if that is empty."""
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return (_DECLARATION if declared else "") + _written(root, attribute)


def _written(element: Element, attribute: str = "") -> str:
    inside = "".join(map(_written, element.children)) or _escaped(element.text)
    tag = f"{element.name}{attribute}"
    return f"<{tag}>{inside}</{element.name}>" if inside else f"<{tag}/>"


def _escaped(text: str) -> str:
    # A carriage return on its own would be read back as a line feed (XML 1.0, 2.11).
    return escape(text, {"\r": "&#13;"})


class _Reader:
    def __init__(self) -> None:
        self._open: list[tuple[str, list[str], list[Element], tuple[int, int]]]
        self._open = [("", [], [], (1, 1))]
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, body: bytes) -> Element:
        try:
            self._parser.Parse(body, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # bytes, encoding
            raise self._malformed(self._why(error)) from error
        return self._open[0][2][0]

    def _why(self, error: Exception) -> str:
        """Also which element is open, where another one is closed."""
        mismatched = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]
        name, _, _, (line, _) = self._open[-1]
        if isinstance(error, expat.ExpatError) and error.code == mismatched and name:
            return f"{error}; `<{name}>` of line {line} is not closed"
        return str(error)

    def _malformed(self, reason: str) -> MalformedXml:
        return MalformedXml(reason, *self._here())

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise self._malformed("a document type is declared")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace not in ("", S3_NAMESPACE):
            raise self._malformed(f"`{local}` is of the namespace `{namespace}`")
        if len(self._open) > _DEEPEST:
            raise self._malformed("elements are nested too deep")
        self._open.append((local, [], [], self._here()))

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _end(self, _name: str) -> None:
        name, texts, children, at = self._open.pop()
        text = "".join(texts)
        if children and text.strip():
            raise self._malformed(f"`{name}` holds both text and elements")
        self._open[-1][2].append(Element(name, "" if children else text, tuple(children), at))
