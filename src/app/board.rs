//! Every negotiation of a store, a line each.

use serde_json::json;

use super::{Afterwards, Asking, Depth, Env, Question, Reply, Store, Trouble};
use crate::view::{Answer, BoardLine, board_line};

/// The board, and its lines.
///
/// # Errors
/// As for [`Store::ask`].
pub fn board(
    store: &Store,
    question: &Question,
    env: &Env,
    afterwards: Afterwards,
) -> Result<(Reply, Vec<Answer<BoardLine>>), Trouble> {
    let (mut lines, mut answers) = (Vec::new(), Vec::new());
    for (slug, ..) in store.negotiations()? {
        let (line, answer) = store.ask(&slug, question, Depth::Glance, env, afterwards, |asking: &Asking<'_>| {
            let line = asking.answer(board_line(&asking.asked()));
            let answer = Reply::new(&line, None)?;
            Ok((line, answer))
        })?;
        answers.push(answer.value().clone());
        lines.push(line);
    }
    Ok((Reply::table(json!({ "data": { "negotiations": answers } }), "negotiations"), lines))
}

/// The negotiations of a store, each with its version and root.
///
/// # Errors
/// The store can't be read.
pub fn negotiations(store: &Store) -> Result<Reply, Trouble> {
    let line =
        |(slug, version, root): (String, u64, String)| json!({ "negotiation": slug, "version": version, "root": root });
    let lines: Vec<_> = store.negotiations()?.into_iter().map(line).collect();
    Ok(Reply::table(json!({ "data": { "negotiations": lines } }), "negotiations"))
}
