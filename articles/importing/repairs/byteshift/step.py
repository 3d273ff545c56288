"""GBK bytes cut out of step: 打實服務 became 打?qū)嵎⻊?wù)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import exp, inf, log

from ....text import script
from ...edits import Edit, Flag
from ...lexicon.language import LanguageModel
from ...lexicon.readings import GLOSS, is_reading, normal_form
from ..frame import Finding, Page, repair
from . import suspects
from .beam import BEAM, GAP, GLANCE, QUICK, Reading
from .gbk import damage, half
from .realignment import GONE, SETTLED, Realigner

_TO_MARK = re.compile(r"[^，。、,;:?!\n]*")
_BRACKET = re.compile(r"[(（]")

_MOST_SITES, _MOST_LOOKS, _LONGEST_RUN = 200, 2000, 60
"""Sites searched on one page, quick looks, and characters of a run: a page with more is beyond
repair, and the search must end."""

_PERSONS = str.maketrans("她它", "他他")

_DOUBT = 3.0
"""Nats by which text that nothing explains has to be worse than some reading to be flagged."""

_CLEAR = 5.0
"""Nats by which the best reading of a quick look has to be ahead of all others to be enough."""

_SERVERS = (("?", True), ("", True), ("?", False), ("", False))
"""The ways the bytes were decoded: what a dangling byte gives, and whether marks were cut at."""

_SOUND, _SOUND_AT_A_GLANCE = 4.0, 8.0
"""Nats by which an odd place has to read better as it stands for the quick look to be enough, and
for a glance. Nine in ten odd places are sound, and a glance settles four in five of them. At the
two best readings of each place it passed over one damaged place in 974; at four, over none."""

_CANDIDATES = 3
_CERTAIN, _CERTAIN_GUESS = 1.5, 2.45
"""Nats by which the best reading has to beat all others together: where every byte is accounted
for, and where one is gone. The model is shy: at 2 nats it ought to be wrong once in eight. These
leave fewer than one site in a hundred wrong with nobody told (benchmarks/byteshift.py)."""

_AS_IT_WAS = str.maketrans(",;:?!()" + GONE, "，；：？！（）0")


@dataclass(frozen=True, slots=True)
class Site:
    """A stretch [start, stop) out of step, where it shows, and the readings that would give it."""

    start: int
    stop: int
    suspect: re.Match[str]
    silent: bool  # nothing but odd text shows it
    readings: list[Reading]
    as_it_stands: float  # score of the text as it is, in nats; minus infinity where it cannot be
    servers: list[frozenset[tuple[str, bool]]]  # that make what stands there of each reading
    doubt: float = inf  # how far a reading that no server would damage so is ahead of the text

    @property
    def is_certain(self) -> bool:
        """Tell whether one reading is clearly best; of 他, 她 and 它 none ever is."""
        best, *others = self.readings
        if GONE in best.text or any(_same_person(best.text, other.text) for other in others):
            return False
        return self.margin >= (_CERTAIN_GUESS if best.guessed else _CERTAIN)

    @property
    def margin(self) -> float:
        """How far the best reading is ahead of all others, the text as it stands among them."""
        best, *others = (reading.score for reading in self.readings)
        rest = exp(self.as_it_stands - best) + sum(exp(other - best) for other in others)
        return -log(max(rest, exp(-GAP)))


@repair(
    seen="pages whose annotations were put in between the two bytes of characters",
    before="實打?qū)嵎⻊?wù)職工。",
    after="實打實服務職工。",
    untouched=("真的嗎?? 誰知道!?", "年??", "是不是?(是)", "難道?我不信。"),
)
def realign_bytes_out_of_step(page: Page) -> Iterator[Finding]:
    """Read stretches out of step again: certain ones are put right, the others flagged.

    A reading counts only if damaging it again gives back the page character for character.
    """
    keys = _annotated(page)
    damaged = bool(keys) or suspects.shows_damage(page.text)
    for site in sites(page, keys, damaged):
        if not site.readings:
            two = len(site.suspect[0]) > 1
            if not site.silent or (damaged and (two or site.doubt >= _DOUBT)):
                yield _unreadable(page, site.suspect)
        elif site.silent and site.as_it_stands > site.readings[0].score:
            continue  # odd, but what somebody wrote
        elif site.is_certain:
            yield _edit(page, site)
        else:
            yield _flag(page, site)


def sites(page: Page, keys: list[tuple[str, str]], damaged: bool) -> Iterator[Site]:
    """Yield the stretches that seem out of step, in order; `keys` are annotated on the page, and
    `damaged` tells that some of it is known to be out of step."""
    text = page.text
    hant = script.detect(text) == script.HANT
    suspected, odd = suspects.find(text, hant, damaged)
    if odd and not damaged:
        quick = Realigner(suspects.any_page(), hant, frozenset(), frozenset(odd))
        looked_at = islice(odd.items(), _MOST_LOOKS)
        odd = {at: match for at, match in looked_at if not _reads_well(quick, text, match)}
    suspected = sorted([*suspected, *odd.values()], key=lambda match: match.start())
    if not suspected:
        return
    model = LanguageModel(_sound(text, suspected))
    whole = {
        at
        for at, mark in odd.items()
        if not suspects.may_be_cut_out(text, mark, hant, model.tokens)
    }
    realigner = Realigner(model, hant, frozenset(dict(keys)), frozenset(odd.keys() - whole))
    done, looks, read = 0, 0, []
    found: list[Site] = []
    for number, suspect in enumerate(suspected):
        if suspect.start() < done:
            continue
        silent = suspect.start() in odd
        ended = len(read) >= _MOST_SITES or looks >= _MOST_LOOKS
        cluster = _cluster(suspected, number)
        last = inf if ended else cluster[-1].end()
        if last - suspect.start() > _LONGEST_RUN:
            if not (ended and silent):
                found.append(Site(*suspect.span(), suspect, False, [], -inf, []))
            continue
        looks += 1
        start = max(_before(text, suspect.start()), done)
        if all(one.start() in whole for one in cluster) and not _BRACKET.search(
            text, start, cluster[-1].end() + 1
        ):
            continue  # nothing here can be out of step
        opened = _opened(text, start, read)
        for width in (GLANCE, QUICK, BEAM) if silent and len(suspect[0]) == 1 else (QUICK, BEAM):
            stop, readings = realigner.read(text, start, last, opened, width=width)
            if width == GLANCE:
                sound = _is_sound(text[start:stop], readings, _SOUND_AT_A_GLANCE)
                if sound:
                    break
                continue
            sound = silent and _is_sound(text[start:stop], readings)
            site = _site(text, start, stop, suspect, silent, readings, keys)
            if sound or (site.readings and site.margin > _CLEAR):
                break
        if sound:
            continue
        done = stop if site.readings else suspect.end()
        stands = text[start:stop] if site.as_it_stands > -inf else None
        read.append((start, stop, site.readings[0].text if site.readings else stands))
        found.append(site)
    yield from _of_one_server(found)


def _site(
    text: str,
    start: int,
    stop: int,
    suspect: re.Match[str],
    silent: bool,
    readings: list[Reading],
    keys: list[tuple[str, str]],
) -> Site:
    """Return the site with those of the readings that a server would damage to what stands here."""
    damaged = text[start:stop]
    behind = "\r\n" if text[stop : stop + 1] in ("", "\n") else "一一"
    stands = next((one.score for one in readings if one.text == damaged), -inf)
    made = [
        (one, servers)
        for one in readings
        if one.text != damaged and (servers := _servers(one, damaged, behind, keys))
    ]
    doubt = readings[0].score - stands if readings else inf
    ones, theirs = [one for one, _ in made], [servers for _, servers in made]
    return Site(start, stop, suspect, silent, ones, stands, theirs, doubt)


def _reads_well(realigner: Realigner, text: str, mark: re.Match[str]) -> bool:
    """Tell whether a quick look finds nothing amiss behind an odd mark."""
    start = _before(text, mark.start())
    for width, ahead in ((GLANCE, _SOUND_AT_A_GLANCE), (QUICK, _SOUND)):
        stop, readings = realigner.read(text, start, mark.end(), width=width)
        if _is_sound(text[start:stop], readings, ahead):
            return True
    return False


def _is_sound(text: str, readings: list[Reading], ahead: float = _SOUND) -> bool:
    """Tell whether the text as it stands is far ahead of every other reading."""
    return (
        bool(readings)
        and readings[0].text == text
        and (len(readings) == 1 or readings[1].score < readings[0].score - ahead)
    )


def _of_one_server(found: list[Site]) -> Iterator[Site]:
    """Yield the sites with the readings that the page's server gives: a page has one."""
    votes = Counter(
        server
        for site in found
        if site.readings and site.readings[0].score > site.as_it_stands
        for server in site.servers[0]
    )
    server = max(_SERVERS, key=lambda server: votes[server])
    for site in found:
        kept = {
            one.text: one
            for one, theirs in reversed(list(zip(site.readings, site.servers, strict=True)))
            if server in theirs
        }
        yield replace(site, readings=list(kept.values())[::-1] or site.readings)


def _opened(text: str, at: int, read: list[tuple[int, int, str | None]]) -> int | None:
    """Return how many quotes are open at a place of its line, as far as the line could be read."""
    start = text.rfind("\n", 0, at) + 1
    parts = []
    for begin, stop, reading in read:
        if begin >= start:
            if reading is None:
                return None
            parts += text[start:begin], reading
            start = stop
    line = "".join([*parts, text[start:at]])
    return line.count("“") - line.count("”")


def _before(text: str, at: int) -> int:
    """Return the start of the two characters before `at`, with their annotations, on its line."""
    behind = text[max(0, at - 30) : at]
    if "(" not in behind and "（" not in behind:
        return max(at - 2, at - len(behind) + behind.rfind("\n") + 1)
    match = _TWO_BEFORE.search(behind)
    return at - len(match[0]) if match else at


_TWO_BEFORE = re.compile(rf"(?:[^\n](?:{GLOSS.pattern})?){{0,2}}\Z")


def _sound(text: str, found: list[re.Match[str]]) -> str:
    """Return the text without the suspects and what stands next to them, up to a mark."""
    parts, position = [], 0
    for suspect in found:
        if suspect.start() > position:
            parts.append(text[position : suspect.start() - 1])
        position = max(position, _TO_MARK.match(text, suspect.end()).end())
    return "\n".join([*parts, text[position:]])


def _cluster(found: list[re.Match[str]], number: int) -> list[re.Match[str]]:
    """Return a suspect and those behind it that stand so close that one run may span all."""
    cluster = [found[number]]
    for at in range(number + 1, len(found)):
        suspect, start, end = found[at], cluster[0].start(), cluster[-1].end()
        if suspect.start() - end > SETTLED or end - start > _LONGEST_RUN:
            break
        cluster.append(suspect)
    return cluster


def _same_person(one: str, other: str) -> bool:
    """Tell whether two readings differ in nothing but 他, 她 and 它."""
    return one.translate(_PERSONS) == other.translate(_PERSONS)


def _annotated(page: Page) -> list[tuple[str, str]]:
    """Return the characters the tool annotated on this page, with their pinyin."""
    keys = {}
    for edit in page.edits:
        if edit.kind == "pinyin-annotation" and edit.start:
            char, pinyin = page.source[edit.start - 1], normal_form(edit.before.strip("()（） "))
            if is_reading(char, pinyin):
                keys[char] = pinyin
    return list(keys.items())


def _servers(
    reading: Reading, damaged: str, behind: str, keys: list[tuple[str, str]]
) -> frozenset[tuple[str, bool]]:
    """Return the servers that make `damaged` of the reading (annotations apart)."""
    wanted = _bare(half(damaged))
    # Marks were full-width when the tool saw them; what stands behind takes the end's stray byte.
    text = reading.text.translate(_AS_IT_WAS) + behind
    used = list(dict.fromkeys(reading.keys))
    raw = text.encode("gb18030", errors="replace")
    others = [key for key in keys if key not in used and key[0].encode("gb18030") in raw]
    orders = [[*used, *others]]
    orders += [[*used[::-1], *others]] * (len(used) > 1) + [[*others, *used]] * bool(others)
    return frozenset(
        server
        for server in _SERVERS
        if any(_bare(damage(text, order, *server)).startswith(wanted) for order in orders)
    )


def _bare(text: str) -> str:
    """Return the text without annotations behind their characters."""
    return _GLOSSED.sub(
        lambda match: match[1] if is_reading(match[1], match[2]) else match[0], text
    )


_GLOSSED = re.compile(rf"([\u3400-\u9fff])(?:{GLOSS.pattern})")


def _unreadable(page: Page, suspect: re.Match[str]) -> Flag:
    """Return the flag on a site no reading fits; what follows it is mostly out of step too."""
    end = _TO_MARK.match(page.text, suspect.end(), suspect.end() + _LONGEST_RUN).end()
    return Flag(
        "lost-text",
        suspect.start(),
        end,
        "此處的位元組錯位，有字遺失而無法推定；請查原文補回。",
        blocking=True,
    )


def _edit(page: Page, site: Site) -> Edit:
    """Return the edit that puts the best reading in, where it differs from the page."""
    reading = site.readings[0]
    damaged = page.text[site.start : site.stop]
    head = _common(damaged, reading.text)
    tail = _common(damaged[head:][::-1], reading.text[head:][::-1])
    after = reading.text[head : len(reading.text) - tail]
    return page.edit("byte-shift", site.start + head, site.stop - tail, after)


def _flag(page: Page, site: Site) -> Flag:
    """Return the flag on the part of the site in which the readings differ from the page."""
    damaged = page.text[site.start : site.stop]
    found = site.readings[:_CANDIDATES]
    head = min(_common(damaged, reading.text) for reading in found)
    tail = min(_common(damaged[head:][::-1], reading.text[head:][::-1]) for reading in found)
    if not site.silent:
        head = min(head, site.suspect.start() - site.start)
        tail = min(tail, site.stop - site.suspect.end())
    return Flag(
        "lost-text",
        site.start + head,
        site.stop - tail,
        "此處的位元組錯位；列出可能的讀法，請對照上下文選定或查原文補回。",
        tuple(reading.text[head : len(reading.text) - tail] for reading in found),
        blocking=True,
    )


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))
