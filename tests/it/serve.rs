//! `talks serve`: the real program on a free port of this machine, asked over raw sockets.

mod answers;
mod gate;
mod limits;
mod page;
mod server;
mod streams;
mod writing;
