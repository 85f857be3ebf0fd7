//! HOW an answer becomes readable: character sets, markup, plain text, dates, numbers, JSON, and the recognition of pages
//! that stand in the way. Pure; it knows no platform and no mention.

pub mod answer;
pub mod blocked;
pub mod charset;
pub mod dates;
mod eastern;
pub mod item;
pub mod json;
pub mod markup;
mod months;
pub mod numbers;
pub mod plain;
pub mod relative;
pub mod tree;
