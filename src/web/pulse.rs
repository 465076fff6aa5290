//! The pulse of a connection: when bytes last went through it, and what it is about. By it stalled connections are told from others.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::Instant;

/// What a connection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Stage {
    /// It has not asked anything, or not again.
    Waiting,
    /// It sends what it asks.
    Asking,
    /// It is being answered.
    Answered,
}

/// What is known of a connection while it is open.
#[derive(Debug)]
pub(super) struct Pulse {
    opened: Instant,
    /// Milliseconds from there to the last byte.
    last_ms: AtomicU64,
    stage: AtomicU8,
    /// Told when it has to make room.
    pub(super) ended: Notify,
}

impl Pulse {
    pub(super) fn new() -> Pulse {
        Pulse {
            opened: Instant::now(),
            last_ms: AtomicU64::new(0),
            stage: AtomicU8::new(Stage::Waiting as u8),
            ended: Notify::new(),
        }
    }

    pub(super) fn set(&self, stage: Stage) {
        self.stage.store(stage as u8, Relaxed);
        self.beat();
    }

    /// How soon it gives way: those first that ask nothing, then those that take long to ask; of these, those that were silent longest.
    pub(super) fn rank(&self) -> (u8, Instant) {
        (self.stage.load(Relaxed), self.last())
    }

    /// Whether it can be asked to give way.
    pub(super) fn can_end(&self) -> bool {
        self.stage.load(Relaxed) < Stage::Answered as u8
    }

    fn last(&self) -> Instant {
        self.opened + Duration::from_millis(self.last_ms.load(Relaxed))
    }

    fn beat(&self) {
        let since = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(since, Relaxed);
    }

    /// Returns once nothing has gone through for so long.
    pub(super) async fn stopped(&self, patience: Duration) {
        while self.last().elapsed() < patience {
            tokio::time::sleep_until(self.last() + patience).await;
        }
    }
}

/// A stream that beats the pulse with each byte.
#[derive(Debug)]
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) pulse: std::sync::Arc<Pulse>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.pulse.beat();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.pulse.beat();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
