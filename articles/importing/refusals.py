"""Why a file gives no essay: a code, the values that belong to it, and both in English.

Reports and the command say it so; the desk has its own words for each code.
"""

from dataclasses import dataclass, field

REFUSALS = {
    "empty": "The file is empty. Delete it or fetch the essay again.",
    "no-text-encoding": (
        "The file is not text in UTF-8, GB18030, Big5 or UTF-16. If you know its encoding, "
        "name it with --encoding."
    ),
    "unknown-encoding": "There is no encoding called {encoding!r}.",
    "other-encoding": (
        "The file is not {encoding}: {error}. Leave --encoding out to have it found."
    ),
    "controls": "Read as {encoding} the file holds control characters, not text.",
    "no-reader": "No reader for {extension} files; known are {known}. Save the essay as .txt.",
    "save-as-word": (
        "No reader for {extension} files. Open the file in Word or LibreOffice and save it as "
        ".docx."
    ),
    "save-as-csv": (
        "No reader for {extension} files. Open the table in Excel or LibreOffice and save it as "
        "CSV in UTF-8."
    ),
    "save-as-jsonl": (
        "No reader for {extension} files. Write an essay a line and name the file .jsonl."
    ),
    "save-as-zip": "No reader for {extension} archives. Unpack it, or pack its files as .zip.",
    "is-pdf": "The file is named {named} but is a PDF file. Name it .pdf and import it again.",
    "is-zip": (
        "The file is named {named} but is a zip, Word (.docx) or EPUB file. Give it its own "
        "extension."
    ),
    "is-old-office": (
        "The file is named {named} but is an old Word (.doc) or Excel file. Open it in Word or "
        "LibreOffice and save it as .docx."
    ),
    "is-rtf": (
        "The file is named {named} but is an RTF file. Open it in Word or LibreOffice and save it "
        "as .docx."
    ),
    "large": "The file has {size} MB; essays of at most {most} MB are read. Split it.",
    "many-characters": (
        "The text has {count:,} characters; essays of at most {most:,} are read. Split it."
    ),
    "many-lines": "The text has {count:,} lines; essays of at most {most:,} are read. Split it.",
    "many-marks": (
        "The text has {count:,} pieces of markup; essays of at most {most:,} are read. Split it."
    ),
    "no-text": "There is no text in the file. Fetch the essay again.",
    "nothing-left": "Nothing is left of the file but what a site put round the essay.",
    "only-title": "The file has a title and labels but no text. Fetch the essay again.",
    "only-labels": "The file has labels and marks but no text. Fetch the essay again.",
    "cannot-be-read": "The file cannot be read: {error}.",
    "no-file": "It is no file but a pipe, a device or a socket. Name a file.",
    "file-heavy": (
        "The file asks for more time or memory than an essay does. Save its text as .txt, or "
        "split it."
    ),
    "importer-failed": "The importer failed on this file ({error}). Please report it.",
    "package-locked": "The {what} file is encrypted. Save it without a password.",
    "package-damaged": (
        "The {what} file is damaged or cut short. Fetch it again, or save it anew."
    ),
    "package-large": (
        "Unpacked, the {what} file is far larger than an essay. Split it, or save the text as .txt."
    ),
    "word-locked": "The Word file is locked with a password. Open it and save it without one.",
    "word-old": (
        "The file is named .docx but is an old Word file (.doc). Open it in Word or LibreOffice "
        "and save it as .docx."
    ),
    "no-word": (
        "The file is named .docx but is no Word file. Open it in Word or LibreOffice and save it "
        "as .docx."
    ),
    "page-nested": (
        "The page is nested too deeply or a piece of it is too large to be an essay's. Copy the "
        "text into a .txt file."
    ),
    "web-archive": (
        "The file is a web archive (.mht). Save the page as “HTML only” and import that."
    ),
    "markdown-long": "The Markdown is longer than {most:,} characters. Split it.",
    "epub-locked": (
        "The EPUB file is locked by copy protection. Ask its publisher for a free copy."
    ),
    "epub-library": "The EPUB file is a whole library. Split it into essays.",
    "epub-no-text": "There is no text in the EPUB file, perhaps only pictures of pages.",
    "no-pdf": "The file is named .pdf but is no PDF. Fetch it again.",
    "pdf-pages": "The PDF has over {most} pages. Split it into essays.",
    "pdf-repeats": (
        "There is no text in the PDF but what every page repeats. If its pages are pictures, run "
        "text recognition (OCR) on it first."
    ),
    "pdf-fonts": (
        "The fonts of the PDF do not say which characters they show. Copy the text from a viewer, "
        "or use text recognition (OCR)."
    ),
    "pdf-scan": (
        "There is no text in the PDF: it is a scan, pictures of pages. Run text recognition (OCR) "
        "on it first."
    ),
    "pdf-locked": "The PDF file is locked with a password. Print it to a new PDF without one.",
    "pdf-damaged": (
        "The PDF file is damaged or cut short. Fetch it again, or print it to a new PDF."
    ),
    "pdf-large": (
        "The PDF file asks for too much time or memory. Print it to a new PDF, or split it."
    ),
    "table-inside": "The file is a table of essays. Import it as a file of its own.",
    "table-no-body": (
        "The table has no column headed “body”, “text”, “content” or 正文. Name the columns in its "
        "first row."
    ),
    "table-long": "The table has over {most:,} rows. Split it.",
    "table-shorter": "The table became shorter while it was imported. Import it again.",
    "row-long": "The row is longer than {most} MB.",
    "row-pieces": "The row has over {most:,} pieces. Split it.",
    "row-broken": "The row is broken: {error}. Check its quotes.",
    "row-cells": (
        "The row has {cells} cells under {heads} heads. Put quotes round a text that holds the "
        "delimiter."
    ),
    "row-no-json": "The row is not valid JSON. Correct it and import again.",
    "row-no-object": "The row is no JSON object of names and values.",
    "row-no-body": "The row has no body. Name the field “body”, “text”, “content” or 正文.",
    "row-empty": "The body of the row is empty or no text.",
    "archive-broken": "The archive cannot be opened: {error}. Fetch it again.",
    "archive-members": "The archive has over {most} members. Split it.",
    "member-twice": (
        "The archive has several members of this name, of which the first was read. Rename them."
    ),
    "member-locked": "The file is encrypted. Unpack the archive and import the folder.",
    "member-broken": "The archive is broken here: {error}.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file gives no essay, and what to do; as text it is English."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return REFUSALS[self.code].format(**self.values)


class UnreadableFile(ValueError):
    """The file gives no text; `refusal` and the message say why and what to do."""

    def __init__(self, code: str, **values: str | int):
        self.refusal = Refusal(code, values)
        super().__init__(str(self.refusal))
