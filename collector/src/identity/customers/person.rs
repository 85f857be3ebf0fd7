//! One customer as the index keeps them: numbers that lead to their words, and hashes of their addresses. It keeps no text.

/// One customer, as far as identification needs it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person {
    /// Hash of the mail address; 0: none.
    pub email: u64,
    /// Hash of what stands before the @; 0: none, or a general one ("info").
    pub local: u64,
    /// Hash of the handle; 0: none.
    pub handle: u64,
    /// Hash of the telephone number's end; 0: none.
    pub phone: u64,
    /// Where their key and name begin among the texts.
    pub texts: u32,
    /// Bytes of the key.
    pub key: u16,
    /// Bytes of the name behind it.
    pub name: u16,
    /// Where the words of their name begin in the lists.
    pub words: u32,
    /// Words of the name.
    pub count: u8,
    /// Words of the firm, after those of the name.
    pub firm: u8,
    /// Which of the words may be given names, bit by bit.
    pub given: u8,
    /// Which may be family names.
    pub family: u8,
    /// Which may be either, as far as the record says.
    pub unsure: u8,
    /// Town, by number; 0: not known.
    pub city: u32,
    /// Language, by number; 0: not known.
    pub language: u16,
    /// Not forgotten.
    pub alive: bool,
    /// First letters of the words of the name, a bit for each.
    pub letters: u32,
    /// Customer since: days since 1970; `i32::MIN` where it is not known.
    pub since: i32,
}

impl Person {
    /// Whether a word of the name may be a given one.
    pub fn is_given(&self, at: usize) -> bool {
        at < 8 && self.given >> at & 1 == 1
    }

    /// Whether a word of the name may be a family one.
    pub fn is_family(&self, at: usize) -> bool {
        at < 8 && self.family >> at & 1 == 1
    }

    /// Whether the record does not say on which side a word is.
    pub fn is_unsure(&self, at: usize) -> bool {
        at < 8 && self.unsure >> at & 1 == 1
    }

    /// Whether there is more than one given name.
    pub fn further_given(&self) -> bool {
        (self.given & !self.family).count_ones() > 1
    }

    /// Whether a word counts among family names: those of the firm do.
    pub fn bears(&self, at: usize) -> bool {
        self.is_family(at) || at >= usize::from(self.count)
    }

    /// Whether a word of the name begins so.
    pub fn begins(&self, initial: u8) -> bool {
        self.letters & letter_bit(initial) != 0
    }

    /// Whether the name has one kind of words only: a firm's, or a single name.
    pub fn one_sided(&self) -> bool {
        self.given == 0 || self.family == 0
    }
}

/// The bit of a letter that a word begins with.
pub fn letter_bit(letter: u8) -> u32 {
    1 << (letter & 31)
}
