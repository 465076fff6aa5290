//! The one test binary.

mod given;
mod layers;
