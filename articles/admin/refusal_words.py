"""What the desk says of a file that gives no essay: the reader's code in a curator's words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "empty": _("The file is empty. Leave it out, or fetch the essay again."),
    "no-text-encoding": _(
        "The file is not text in UTF-8, GB18030, Big5 or UTF-16. If you know its encoding, "
        "choose it on uploading."
    ),
    "unknown-encoding": _("There is no encoding called %(encoding)s."),
    "other-encoding": _(
        "The file is not in %(encoding)s. Let the encoding be found out by itself."
    ),
    "controls": _("Read as %(encoding)s the file is no text. Choose another encoding."),
    "no-reader": _("Files of the format %(extension)s are not read. Save the essay as plain text."),
    "save-as-word": _(
        "Files of the format %(extension)s are not read. Open it in Word or LibreOffice and save "
        "it as .docx."
    ),
    "save-as-csv": _(
        "Files of the format %(extension)s are not read. Open it in Excel or LibreOffice and save "
        "it as CSV in UTF-8."
    ),
    "save-as-jsonl": _(
        "Files of the format %(extension)s are not read. Write an essay a line and name the file "
        ".jsonl."
    ),
    "save-as-zip": _(
        "Archives of the format %(extension)s are not read. Unpack it, or pack its files as .zip."
    ),
    "is-pdf": _("The file is a PDF under another name. Name it .pdf and upload it again."),
    "is-zip": _(
        "The file is a zip, Word or EPUB file under another name. Give it its own ending and "
        "upload it again."
    ),
    "is-old-office": _(
        "The file is an old Word or Excel file. Open it in Word or LibreOffice and save it as "
        ".docx."
    ),
    "is-rtf": _("The file is an RTF file. Open it in Word or LibreOffice and save it as .docx."),
    "large": _("The file has %(size)s MB; at most %(most)s MB are read. Split it."),
    "many-characters": _("The text has %(count)s characters; at most %(most)s are read. Split it."),
    "many-lines": _("The text has %(count)s lines; at most %(most)s are read. Split it."),
    "many-marks": _(
        "The text has %(count)s pieces of markup; at most %(most)s are read. Split it."
    ),
    "no-text": _("There is no text in the file. Fetch the essay again."),
    "nothing-left": _("Nothing is left of the file but what a web site put round the essay."),
    "only-title": _("The file has a title but no text. Fetch the essay again."),
    "only-labels": _("The file has labels and marks but no text. Fetch the essay again."),
    "cannot-be-read": _("The server cannot read the file: %(error)s."),
    "no-file": _("This is no file but a pipe or a device. Upload a file."),
    "file-heavy": _(
        "The file asks for more time or memory than an essay does. Save its text as .txt, or "
        "split it."
    ),
    "importer-failed": _("The importer failed on this file. Please report it."),
    "package-locked": _("The %(what)s file is locked with a password. Save it without one."),
    "package-damaged": _(
        "The %(what)s file is damaged or cut short. Fetch it again, or save it anew."
    ),
    "package-large": _(
        "The %(what)s file is far larger than an essay. Split it, or save the text as .txt."
    ),
    "word-locked": _("The Word file is locked with a password. Save it without one."),
    "word-old": _(
        "The file is named .docx but is an old Word file. Open it in Word or LibreOffice and save "
        "it as .docx."
    ),
    "no-word": _(
        "The file is named .docx but is no Word file. Open it in Word or LibreOffice and save it "
        "as .docx."
    ),
    "page-nested": _(
        "The page is nested too deeply, or a piece of it is too large. Copy its text into a .txt "
        "file."
    ),
    "web-archive": _(
        "The file is a web archive (.mht). Save the page as “HTML only” and upload that."
    ),
    "markdown-long": _("The Markdown is longer than %(most)s characters. Split it."),
    "epub-locked": _(
        "The EPUB file is locked by copy protection. Ask its publisher for a free copy."
    ),
    "epub-library": _("The EPUB file is a whole library. Split it into essays."),
    "epub-no-text": _("There is no text in the EPUB file, perhaps only pictures of pages."),
    "no-pdf": _("The file is named .pdf but is no PDF. Fetch it again."),
    "pdf-pages": _("The PDF has over %(most)s pages. Split it into essays."),
    "pdf-repeats": _(
        "There is no text in the PDF but what every page repeats. If its pages are pictures, have "
        "their text recognised (OCR) first."
    ),
    "pdf-fonts": _(
        "The fonts of the PDF do not say which characters they show. Copy the text from a viewer, "
        "or have it recognised (OCR)."
    ),
    "pdf-scan": _(
        "The PDF is a scan, pictures of pages without text. Have their text recognised (OCR) first."
    ),
    "pdf-locked": _("The PDF file is locked with a password. Print it to a new PDF without one."),
    "pdf-damaged": _(
        "The PDF file is damaged or cut short. Fetch it again, or print it to a new PDF."
    ),
    "pdf-large": _("The PDF asks for too much time or memory. Print it to a new PDF, or split it."),
    "table-inside": _("The file is a table of essays. Upload it as a file of its own."),
    "table-no-body": _(
        "The table has no column headed “body”, “text”, “content” or 正文. Name the columns in its "
        "first row."
    ),
    "table-long": _("The table has over %(most)s rows. Split it."),
    "table-shorter": _("The table became shorter meanwhile. Upload it again."),
    "row-long": _("The row is longer than %(most)s MB."),
    "row-pieces": _("The row has over %(most)s pieces. Split it."),
    "row-broken": _("The row is broken. Check its quotes."),
    "row-cells": _(
        "The row has %(cells)s cells under %(heads)s heads. Put quotes round a text that holds "
        "the delimiter."
    ),
    "row-no-json": _("The row is not valid JSON. Correct it and upload the file again."),
    "row-no-object": _("The row is no JSON object of names and values."),
    "row-no-body": _("The row has no body. Name the field “body”, “text”, “content” or 正文."),
    "row-empty": _("The body of the row is empty or no text."),
    "archive-broken": _("The archive is broken. Fetch or pack it again."),
    "archive-members": _("The archive has over %(most)s members. Split it."),
    "member-twice": _(
        "The archive has several files of this name, of which the first was read. Rename them."
    ),
    "member-locked": _("The archive is locked with a password. Unpack it and upload the files."),
    "member-broken": _("The archive is broken at this file. Fetch or pack it again."),
}


def in_words(refusal: list) -> str:
    """Return a refusal, its code and its values, in the words of the desk."""
    code, values = refusal
    return str(WORDS[code] % values)
