"""Reads texts into pieces, exactly as collector/src/analysis/second/pieces.rs does; a test of the collector compares the two on
the rows that second.py writes beside the weights."""
import re
import unicodedata

CLS, SEP, UNK, USER, LINK = "[CLS]", "[SEP]", "[UNK]", "[USER]", "[LINK]"
KINDS = {"post": "[POST]", "review": "[REVIEW]"}
ESCAPED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "<br />": " ", "<br>": " ", "\\u2019": "'",
           "\\u002c": ",", "\\n": " ", "\\\"": '"'}
ESCAPES = re.compile("|".join(re.escape(k) for k in ESCAPED))
LONGEST_WORD = 40


def folded(c):
    """One character in small letters without its accent; nothing for marks and controls."""
    out = []
    for d in unicodedata.normalize("NFKD", c.lower()):
        if unicodedata.category(d) not in ("Mn", "Cc", "Cf", "Me"):
            out.append(d)
    return "".join(out).lower()


def words(text):
    """Words and single signs with the place of their first character; names and links as one sign."""
    out = []
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    at = 0
    n = len(text)
    while at < n:
        c = text[at]
        if c.isspace():
            at += 1
            continue
        begins = at == 0 or text[at - 1].isspace() or text[at - 1] in "(\"'.:,;!?-"
        if c == "@" and at + 1 < n and (text[at + 1].isalnum() or text[at + 1] == "_"):
            end = at + 1
            while end < n and (text[end].isalnum() or text[end] == "_"):
                end += 1
            out.append((USER, at))
            at = end
            continue
        if begins and c in "hHwW" and text[at:at + 4].lower() in ("http", "www."):
            end = at
            while end < n and not text[end].isspace():
                end += 1
            if text[at:at + 4].lower() == "www." or end - at == 4 or text[at + 4:at + 5] in (":", "s"):
                out.append((LINK, at))
                at = end
                continue
        if c.isalnum():
            end = at
            word = ""
            while end < n and (text[end].isalnum() or unicodedata.category(text[end]) == "Mn"):
                for f in folded(text[end]):
                    if len(word) >= 2 and word[-1] == f and word[-2] == f and f.isalpha():
                        continue
                    word += f
                end += 1
            out.append((word, at))
            at = end
            continue
        f = folded(c)
        if f:
            out.append((f, at))
        at += 1
    return out


class Pieces:
    """A vocabulary of word pieces."""

    def __init__(self, vocabulary):
        self.ids = {p: i for i, p in enumerate(vocabulary)}
        self.known = {}
        self.unk = self.ids[UNK]

    def split(self, word):
        """Piece numbers of a word, the longest piece first."""
        got = self.known.get(word)
        if got is not None:
            return got
        if word in self.ids:
            got = [self.ids[word]]
        elif len(word) > LONGEST_WORD:
            got = [self.unk]
        else:
            got, at = [], 0
            while at < len(word):
                end = len(word)
                while end > at:
                    piece = word[at:end] if at == 0 else "##" + word[at:end]
                    if piece in self.ids:
                        break
                    end -= 1
                if end == at:
                    got = [self.unk]
                    break
                got.append(self.ids[piece])
                at = end
        self.known[word] = got
        return got

    def read(self, text):
        """Piece numbers and the character each begins at."""
        text = ESCAPES.sub(lambda m: ESCAPED[m.group(0)] + "\x00" * (len(m.group(0)) - len(ESCAPED[m.group(0)])), text)
        ids, places = [], []
        for word, at in words(text):
            for p in self.split(word):
                ids.append(p)
                places.append(at)
        return ids, places
