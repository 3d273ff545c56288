"""The repairs, in order. To add one: a function with `@repair` here, and a line in REPAIRS."""

from .boilerplate import drop_boilerplate_lines, drop_trailing_credits
from .byteshift.step import realign_bytes_out_of_step
from .censoring import flag_censored
from .code_points import restore_code_points, restore_private_use
from .contents_list import drop_contents
from .duplicate import drop_duplicate_body
from .frame import Page, Repair, run
from .lost_marks import flag_lost_characters
from .mojibake import undo_mojibake
from .newlines import unify_newlines
from .numerals import restore_yi
from .page_numbers import drop_page_numbers
from .paragraphs import suggest_breaks
from .pinyin import drop_pinyin_annotations, drop_word_annotations, flag_spoken
from .punctuation import flag_unpaired_quotes, widen_punctuation
from .radicals import restore_radicals
from .rewriting import flag_rewriting
from .site_tags import drop_site_tags
from .spacing import drop_question_indents, drop_stray_spaces
from .stray_markup import drop_markup
from .titles import drop_repeated_titles, drop_site_keywords
from .variants import normalise_script
from .wrapped_lines import join_wrapped_lines

REPAIRS: tuple[Repair, ...] = (
    drop_site_tags,  # some have angle brackets: before the tags of HTML
    drop_markup,  # its entities may be the bytes of mojibake
    undo_mojibake,  # C1 controls and no-break spaces are bytes of it: before they are dropped
    join_wrapped_lines,  # the indents of paragraphs go with the margins
    unify_newlines,  # every later step counts on \n
    restore_radicals,  # before anything that looks for words
    restore_code_points,
    drop_question_indents,  # the ? is no lost byte and no label
    drop_pinyin_annotations,  # labels are annotated too: before anything that reads them
    drop_word_annotations,
    flag_spoken,
    drop_page_numbers,
    drop_boilerplate_lines,
    drop_trailing_credits,
    drop_contents,  # its lines are no copies of titles
    drop_repeated_titles,
    drop_duplicate_body,  # before sites are counted, or each would count twice
    drop_site_keywords,  # the copy of a body has the author's list once more
    realign_bytes_out_of_step,  # before punctuation: the ? of a lost byte is no question mark
    restore_private_use,  # bytes out of step make such codes too: behind it
    flag_lost_characters,  # before marks are widened: these are none
    restore_yi,
    drop_stray_spaces,
    flag_censored,
    widen_punctuation,
    flag_unpaired_quotes,
    normalise_script,
    flag_rewriting,
    suggest_breaks,  # last: it points at markers as they read in the end
)

__all__ = ["REPAIRS", "Page", "Repair", "run"]
