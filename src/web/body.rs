//! The body of a request: as long as it may be, in the time that it may take.

use std::time::Duration;

use axum::body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::Trouble;

/// The longest body that is taken.
pub(super) const LIMIT_BYTES: usize = 2 * 1024 * 1024;
/// How long it may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// All of it.
pub(super) async fn whole(body: Body) -> Result<Vec<u8>, Trouble> {
    let read = tokio::time::timeout(PATIENCE, Limited::new(body, LIMIT_BYTES).collect()).await;
    let late = || Trouble::usage("body-too-slow", "the body did not come within 30 seconds; nothing was stored");
    match read.map_err(|_| late())? {
        Ok(whole) => Ok(whole.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_long()),
        Err(_) => Err(Trouble::usage("half-a-body", "the body broke off; nothing was stored")),
    }
}

/// It is longer than is taken.
pub(super) fn too_long() -> Trouble {
    Trouble::usage("body-too-long", "the body is longer than 2 MiB; nothing was stored")
        .help("send fewer drafts at a time, or use talks import")
}
