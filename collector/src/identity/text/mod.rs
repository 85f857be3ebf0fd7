//! What a text tells of its author: orders, days, sums, products, branches, staff, families. It knows no names of authors.

pub mod amounts;
pub mod calendar;
pub mod dates;
pub mod phrases;
pub mod quoted;
pub mod relative;
pub mod selves;
pub mod tokens;
pub mod told;
pub mod usual;
pub mod wording;
