"""Reads texts into pieces of a unigram vocabulary, exactly as encoder/src/unigram.rs does; a test of the collector compares the two
on rows that this file wrote. Scores are whole thousandths, so that both find the same best split."""
import unicodedata

from pieces import ESCAPED, ESCAPES, LINK, UNK, USER

WORD = "\u2581"
LONGEST_PIECE = 16
UNSEEN = [(0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0xFE00, 0xFE0F),
          (0xFEFF, 0xFEFF), (0x1F3FB, 0x1F3FF), (0xE0001, 0xE007F), (0, 0x1F), (0x7F, 0x9F)]


def seen(c):
    return ord(c) < 0x7F and ord(c) > 0x1F or not any(first <= ord(c) <= last for first, last in UNSEEN)


def is_name(c):
    return c.isalnum() or c == "_"


def link_ends(text, at):
    """Where a link that begins here ends; nothing if none does."""
    if text[at] not in "hHwW" or not (at == 0 or text[at - 1].isspace() or text[at - 1] in "(\"'.:,;!?-"):
        return None
    head = text[at:at + 4].lower()
    if head not in ("http", "www."):
        return None
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return end if head == "www." or end - at == 4 or text[at + 4:at + 5] in (":", "s") else None


def words(text):
    """Stretches between spaces as lists of characters and places, those that begin after a space with the sign of a word before;
    names and links as a mark."""
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    letters, places, begins = [], [], True
    at, n = 0, len(text)
    while at < n:
        c = text[at]
        mark, end = None, at + 1
        if c == "@" and end < n and is_name(text[end]):
            while end < n and is_name(text[end]):
                end += 1
            mark = USER
        elif (after := link_ends(text, at)) is not None:
            mark, end = LINK, after
        if mark or c.isspace():
            if letters:
                yield small(letters), places, begins
            letters, places = [], []
            if mark:
                yield mark, [at], False
            begins = not mark
            at = end
            continue
        while end < n and unicodedata.category(text[end])[0] == "M":
            end += 1
        for d in unicodedata.normalize("NFKC", text[at:end]):
            if not seen(d) or d.isspace() or (len(letters) > 1 and letters[-1] == letters[-2] == d and d.isalpha()):
                continue
            letters.append(d)
            places.append(at)
        at = end
    if letters:
        yield small(letters), places, begins


def small(letters):
    """Four capitals and more without a small letter are read as small letters."""
    if sum(c.isupper() for c in letters) < 4 or any(c.islower() for c in letters):
        return letters
    return [c.lower() if len(c.lower()) == 1 else c for c in letters]


class Unigram:
    """A vocabulary of marks (their score is nothing) and pieces with scores."""

    def __init__(self, vocabulary):
        self.ids = {p: i for i, (p, _) in enumerate(vocabulary)}
        self.scores = {p: (i, s) for i, (p, s) in enumerate(vocabulary) if s is not None}
        self.unk = self.ids[UNK]
        self.worst = min(s for _, s in self.scores.values()) - 10_000
        self.known = {}

    def split(self, word):
        """Pieces of a word and the character each begins at: the split whose scores sum highest, of equals the first found."""
        got = self.known.get(word)
        if got is not None:
            return got
        n = len(word)
        best, back = [None] * (n + 1), [None] * (n + 1)
        best[0] = 0
        for i in range(n):
            so_far = best[i]
            for e in range(i + 1, min(n, i + LONGEST_PIECE) + 1):
                piece = self.scores.get(word[i:e])
                score, number = (so_far + piece[1], piece[0]) if piece else (so_far + self.worst, self.unk)
                if not piece and e > i + 1:
                    continue
                if best[e] is None or score > best[e]:
                    best[e], back[e] = score, (i, number)
        out, e = [], n
        while e > 0:
            i, number = back[e]
            out.append((number, i))
            e = i
        out.reverse()
        got = [p for k, p in enumerate(out) if not (k and p[0] == self.unk == out[k - 1][0])]
        self.known[word] = got
        return got

    def read(self, text):
        """Piece numbers and the character each begins at."""
        text = ESCAPES.sub(lambda m: ESCAPED[m.group(0)] + "\0" * (len(m.group(0)) - len(ESCAPED[m.group(0)])), text)
        ids, at = [], []
        for letters, places, begins in words(text):
            if isinstance(letters, str):
                ids.append(self.ids[letters])
                at += places
                continue
            for number, i in self.split(WORD + "".join(letters) if begins else "".join(letters)):
                ids.append(number)
                at.append(places[max(i - begins, 0)])
        return ids, at
