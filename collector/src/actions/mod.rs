//! ACT: what the pipeline decided is carried out here. The outbox worker takes effects one by one, the channel of each says
//! what is to be sent, and one carrier sends it. Exports are made here too.
//! It knows the store and fetch; it must not know the engine, the pipeline or the API.

pub mod admin;
pub mod carry;
pub mod channels;
pub mod export;
pub mod message;
mod outbox;

pub use outbox::{pause, run};
