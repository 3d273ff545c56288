"""What the desk calls the kinds of edits and flags."""

from django.utils.translation import gettext_lazy as _

EDIT_NAMES = {
    "newline": _("line end"),
    "pinyin-annotation": _("pinyin annotation"),
    "byte-shift": _("bytes out of step"),
    "numeral-yi": _("壹 for 一"),
    "variant": _("wrong conversion"),
    "punctuation": _("punctuation"),
    "space": _("white space"),
    "boilerplate": _("the site's own text"),
    "duplicate-body": _("pasted twice"),
    "mojibake": _("wrong decoding"),
    "markup": _("markup"),
    "restored": _("put in by a curator"),
}
FLAG_NAMES = {
    "missing-title": _("no title"),
    "missing-author": _("no author"),
    "missing-date": _("no date"),
    "upload-date": _("upload date"),
    "censored": _("censored"),
    "lost-text": _("lost text"),
    "mixed-script": _("mixed scripts"),
    "possible-rewrite": _("possibly rewritten"),
    "unpaired-quotes": _("unpaired quotes"),
    "near-duplicate": _("similar article"),
    "encoding-doubt": _("encoding in doubt"),
}
