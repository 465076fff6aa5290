//! Listening, and what becomes of each connection: the limits on its time, and how it ends.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::pulse::{Stage, Watched};
use super::reply::{Held, guarded};
use super::seats::{Seat, Seats};
use super::site::Site;
use super::{Ready, Settings, problem, routes, stream};
use crate::app::Trouble;

/// How long the head of a request may take, from its first byte to its last; and how long nothing may be asked.
const HEAD: Duration = Duration::from_secs(10);
/// How long nothing may go through a connection, whatever it is about.
const SILENCE: Duration = Duration::from_secs(30);
/// How long those have to finish who are being answered when the program is told to end.
const DRAIN: Duration = Duration::from_secs(5);
/// The longest head.
const HEAD_BYTES: usize = 32 * 1024;
/// How many answers are worked out at a time; the others wait for their turn.
const AT_A_TIME: usize = 16;

pub(super) fn serve(settings: Settings, ready: &mut dyn FnMut(&Ready) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(AT_A_TIME).build();
    let runtime = runtime.map_err(|error| Trouble::failed("not-served", format!("no thread to serve on: {error}")))?;
    let done = runtime.block_on(run(settings, ready));
    runtime.shutdown_timeout(DRAIN);
    done
}

async fn run(settings: Settings, ready: &mut dyn FnMut(&Ready) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let loopback = settings.bind.ip().is_loopback();
    if !loopback && !settings.beyond_loopback {
        let what = format!("other machines can reach {}", settings.bind.ip());
        return Err(Trouble::usage("not-loopback", what)
            .because("what goes over the network is not encrypted, and the log may be confidential")
            .help("leave --bind out, and reach this machine by ssh -L; or say so with --beyond-loopback"));
    }
    let listener = TcpListener::bind(settings.bind).await.map_err(|error| unbound(settings.bind, &error))?;
    let bound = listener.local_addr().map_err(|error| unbound(settings.bind, &error))?;
    let (news, heard) = watch::channel(stream::News::default());
    let (stop, stopped) = watch::channel(false);
    let (site, token) = Site::new(settings, bound, heard)?;
    let site = Arc::new(site);
    ready(&Ready { address: format!("http://{bound}/"), token })?;
    let teller = std::thread::spawn({
        let site = Arc::clone(&site);
        move || stream::tell(&site, &news)
    });
    let seats = Seats::default();
    let router = routes::router(&site);
    tokio::select! {
        () = accept(&listener, &seats, &router, &site, &stopped) => {}
        () = told_to_end() => {}
    }
    drop(listener);
    site.end();
    let _ = stop.send(true);
    let _ = timeout(DRAIN, async {
        while seats.count() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    // It looks up every fraction of a second whether it is over.
    let _ = teller.join();
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    seats: &Seats,
    router: &Router,
    site: &Arc<Site>,
    stopped: &watch::Receiver<bool>,
) {
    loop {
        // What can't be accepted now, for want of file descriptors, can be in a moment.
        let Ok((stream, peer)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Some(seat) = seats.take(peer.ip()) else { continue };
        tokio::spawn(connection(stream, seat, router.clone(), Arc::clone(site), stopped.clone()));
    }
}

/// One connection, to its end.
async fn connection(
    stream: TcpStream,
    seat: Seat,
    router: Router,
    site: Arc<Site>,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let pulse = Arc::clone(&seat.pulse);
    let io = TokioIo::new(Watched { stream, pulse: Arc::clone(&pulse) });
    let service = service_fn(|request| answer(&site, &router, &seat, request));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
    let mut connection = std::pin::pin!(http.serve_connection(io, service));
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = pulse.stopped(SILENCE) => return,
            () = pulse.ended.notified() => return,
            changed = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// One request: through the gate first, and only then to where it leads.
async fn answer(
    site: &Arc<Site>,
    router: &Router,
    seat: &Seat,
    mut request: Request<Incoming>,
) -> Result<Response<Held>, Infallible> {
    let pulse = &seat.pulse;
    pulse.set(if request.body().is_end_stream() { Stage::Answered } else { Stage::Asking });
    let response = match site.gate.check(&request) {
        Err(trouble) => problem::response(&trouble),
        Ok(()) => {
            request.extensions_mut().insert(Arc::clone(pulse));
            TowerToHyperService::new(router.clone()).call(request.map(Body::new)).await?
        }
    };
    pulse.set(Stage::Answered);
    Ok(guarded(response, Arc::clone(pulse)))
}

/// Ctrl-C, or what a service manager sends.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

fn unbound(address: SocketAddr, error: &std::io::Error) -> Trouble {
    let why = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program listens there".to_string(),
        _ => error.to_string(),
    };
    Trouble::failed("not-served", format!("can't listen on {address}"))
        .because(why)
        .help("choose another: --port 0 takes any that is free")
}
