//! Which documents hold a word: sets of document numbers, written in blocks of text that both databases can append to and take from.
//!
//! A block holds 1,024 numbers. Each of its documents is two characters, the first from one half of an alphabet and the second from the
//! other, so that a pair is found and taken out of the text wherever it stands.

use std::collections::BTreeMap;

/// Document numbers in a block.
pub const BLOCK: i64 = 1024;
const FIRST: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
const SECOND: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyzWXYZ_-";

/// The block of a document, and the two characters that are the document in it.
pub fn place_of(document: i64) -> (i64, String) {
    let within = usize::try_from(document.rem_euclid(BLOCK)).unwrap_or_default();
    let pair = [FIRST[within / 32], SECOND[within % 32]];
    (document.div_euclid(BLOCK), pair.iter().map(|byte| char::from(*byte)).collect())
}

/// The documents as the texts of their blocks.
pub fn written(documents: impl IntoIterator<Item = i64>) -> BTreeMap<i64, String> {
    let mut blocks: BTreeMap<i64, String> = BTreeMap::new();
    for document in documents {
        let (block, pair) = place_of(document);
        blocks.entry(block).or_default().push_str(&pair);
    }
    blocks
}

/// A set of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documents {
    blocks: BTreeMap<i64, [u32; 32]>,
}

impl Documents {
    /// Adds what the text of a block holds; pairs that are none are left out.
    pub fn add(&mut self, block: i64, text: &str) {
        let bits = self.blocks.entry(block).or_insert([0; 32]);
        for pair in text.as_bytes().chunks_exact(2) {
            if let (Some(row), Some(column)) = (index(FIRST, pair[0]), index(SECOND, pair[1])) {
                bits[row] |= 1 << column;
            }
        }
    }

    /// Keeps those that are in both.
    pub fn keep_common(&mut self, other: &Self) {
        self.blocks.retain(|block, bits| {
            let Some(theirs) = other.blocks.get(block) else { return false };
            for (ours, theirs) in bits.iter_mut().zip(theirs) {
                *ours &= theirs;
            }
            bits.iter().any(|row| *row != 0)
        });
    }

    /// The first and the last block in which there is something.
    pub fn span(&self) -> Option<(i64, i64)> {
        Some((*self.blocks.first_key_value()?.0, *self.blocks.last_key_value()?.0))
    }

    /// The first `limit` documents by number.
    pub fn first(&self, limit: usize) -> Vec<i64> {
        let numbers = self.blocks.iter().flat_map(|(block, bits)| {
            let set = (0_i64..BLOCK).filter(move |within| {
                let (row, column) = (usize::try_from(within / 32).unwrap_or_default(), within % 32);
                bits[row] & (1 << column) != 0
            });
            set.map(move |within| block * BLOCK + within)
        });
        numbers.take(limit).collect()
    }
}

fn index(alphabet: &[u8; 32], byte: u8) -> Option<usize> {
    alphabet.iter().position(|known| *known == byte)
}
