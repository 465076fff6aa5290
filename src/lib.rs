//! `talks` keeps negotiations: an append-only log of developments, folded into what holds, what is open and who says so.

pub mod domain;
