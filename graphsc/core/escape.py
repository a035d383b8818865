"""The one place where text from outside is made inert for the format it goes into.

Names come from other people's files. A terminal obeys escape sequences, a reader is fooled by text that
runs backwards, a Markdown page follows links, a build log obeys ``::`` commands: none of that may happen
because an organisation is called something clever. Nothing is dropped silently: a character that cannot
be shown is written as its code.
"""

from __future__ import annotations

import re
from urllib.parse import quote

# Controls (C0, DEL, C1), marks that change the direction of text, invisible characters that hide or
# forge text, line separators, lone surrogates, non-characters and the invisible tag characters. Joiners
# (U+200C, U+200D) and the soft hyphen stay: they belong to ordinary writing.
_SUSPECT = (
    "\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
INVISIBLE = f"{_SUSPECT}\u00ad\u200c\u200d"
"""What cannot be seen in a text, as ranges for a class of a regular expression."""
_SUSPECTS = re.compile(f"[{_SUSPECT}]")
_WHITESPACE = re.compile("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")
_MARKDOWN = re.compile(r"[\\`*_\[\]|~!$#]")
# Build servers read commands out of a log: at the start of a line, or anywhere in it.
_LOG_COMMAND = re.compile(r"^:(?=:)|#(?<=##)(?=\[|vso\[)")
_LIST_START = re.compile(r"^(\d+)([.)])|^([-+=])")
_MENTION = re.compile(r"([@#])(?=\w)")
_FORMULA = re.compile(r"(^|[;\t\n])(\s*)([=+\-@＝＋－＠])")  # the wide forms count too
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def _code_point(match: re.Match[str]) -> str:
    point = ord(match[0])
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def _utf16(match: re.Match[str]) -> str:
    point = ord(match[0])
    if point <= 0xFFFF:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def shorten(text: str, limit: int = 400) -> str:
    """Take out the middle of a text longer than ``limit`` characters, and say how much.

    The middle goes, since what is wrong tends to stand after the name that made the text long.
    """
    if len(text) <= limit:
        return text
    head, tail = limit * 2 // 3, limit // 3
    return f"{text[:head]}[… {len(text) - head - tail} …]{text[-tail:]}"


def line(text: str) -> str:
    """One line of plain text, safe for a terminal and a log: white space is one space, the rest visible."""
    plain = text.strip(" ")
    if plain.isprintable() and "  " not in plain and "##" not in plain and not plain.startswith(":"):
        return plain  # as most of the text on a page is; no suspect character is printable
    shown = _SUSPECTS.sub(_code_point, _WHITESPACE.sub(" ", text)).strip(" ")
    return _LOG_COMMAND.sub(_code_point, shown)


def brief(text: str, limit: int = 400) -> str:
    """``line``, shortened for a person."""
    return shorten(line(text), limit)


def source(text: str) -> str:
    """A line of a source file, column for column: each suspect character becomes one ``�``."""
    return _SUSPECTS.sub("\ufffd", text.replace("\t", " "))


def json(serialised: str) -> str:
    """JSON text with the same value, in which no suspect character stands as itself.

    Outside its strings JSON has no such character but the newline, so replacing is safe anywhere.
    """
    return _SUSPECTS.sub(lambda m: m[0] if m[0] == "\n" else _utf16(m), serialised)


def turtle(serialised: str) -> str:
    """Turtle of the same graph, in which no suspect character stands as itself but newline and tab."""

    def escaped(match: re.Match[str]) -> str:
        point = ord(match[0])
        if match[0] in "\n\t":
            return match[0]
        return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"

    return _SUSPECTS.sub(escaped, serialised)


def cell(text: str) -> str:
    """One line for a cell of a spreadsheet, which takes what begins with ``=``, ``+``, ``-`` or ``@`` for a formula."""
    return _plain_cell(line(text))


def csv(text: str) -> str:
    """A text for CSV with its lines kept: nothing in it is a formula, or obeyed by a terminal."""
    kept = _SUSPECTS.sub(lambda m: m[0] if m[0] in "\n\t" else _code_point(m), text.replace("\r\n", "\n"))
    return _plain_cell(kept)


def _plain_cell(text: str) -> str:
    """A text of which a spreadsheet makes no formula, also one that takes ``;`` or a tab for the end of a cell."""
    return _FORMULA.sub(r"\1\2'\3", text)


def markdown(text: str, limit: int = 400) -> str:
    """One line of Markdown that shows the text and does nothing: no HTML, table cell, link or mention."""
    text = brief(text, limit)
    text = _MARKDOWN.sub(lambda m: f"\\{m[0]}", text)
    text = _LIST_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)
    text = re.sub("[&<>]", lambda m: _HTML[m[0]], text)
    # A zero-width space parts what GitHub would else make a mention, a reference or a link of.
    text = _MENTION.sub("\\1&#8203;", text)
    return re.sub(r"(?i)://|\bwww\.", lambda m: f"{m[0][:-1]}&#8203;{m[0][-1]}", text)


def html_field(text: str) -> str:
    """Text as the value of a field of an HTML form, character for character: the browser sends it back as it is."""
    marked = re.sub("[&<>\"']", lambda m: _HTML[m[0]], text)
    return _SUSPECTS.sub(lambda m: f"&#x{ord(m[0]):x};" if m[0] > "\x9f" else m[0], marked)


def html(text: str) -> str:
    """Text for an element or a quoted attribute of HTML."""
    return re.sub("[&<>\"']", lambda m: _HTML[m[0]], line(text))


def github_message(*lines: str) -> str:
    """The message of a GitHub workflow command, from the lines it is to show."""
    return "%0A".join(line(part).replace("%", "%25") for part in lines)


def github_property(text: str) -> str:
    """A property, such as the title, of a GitHub workflow command."""
    return line(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def sarif(text: str) -> str:
    """A SARIF message: braces doubled as the standard asks, and no embedded link."""
    return line(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def xml(text: str) -> str:
    """Text of one line that is legal in XML 1.0; the serialiser still has to escape its markup."""
    return line(text)


def uri_path(path: str) -> str:
    """A path as the path of a URI reference, percent-encoded as UTF-8."""
    return quote(path.encode("utf-8", "surrogatepass"), safe="/~!$&'()*+,;=@")
