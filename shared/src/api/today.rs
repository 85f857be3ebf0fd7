//! The Today page.

use super::endpoint;
use crate::today::Today;

endpoint!(GetToday, Get "/api/v1/today", "What changed since the last visit: five numbers and two lists",
    path: (), query: (), body: () => Today);
endpoint!(PostSeen, Post "/api/v1/today/seen", "Remember this visit; what came before it is no longer new",
    path: (), query: (), body: () => ());
