//! The customers as they are kept for look-up: packed records, the words of their names, their orders, who was joined with whom. It
//! reads no author and judges nothing.

pub mod household;
pub mod joined;
pub mod listed;
pub mod pairs;
pub mod people;
pub mod person;
pub mod purchases;
pub mod record;
pub mod sample;
pub mod sides;
pub mod vocabulary;
