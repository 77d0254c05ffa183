//! The two ends of a socket: writing what waits, ending it, whether the other side lives.
//!
//! In: messages. Out: frames. Must not know: the protocol.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, ready};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};

/// How long a client may take to answer the end of its socket.
pub(super) const FAREWELL: Duration = Duration::from_secs(2);

/// Writes all that waits. Nothing is lost when this is dropped half-way.
pub(super) async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    outbox: &mut VecDeque<Message>,
    wrote: &mut u64,
) -> Result<(), axum::Error> {
    poll_fn(|task| {
        loop {
            if outbox.is_empty() {
                ready!(sink.poll_flush_unpin(task))?;
                return Poll::Ready(Ok(()));
            }
            ready!(sink.poll_ready_unpin(task))?;
            if let Some(message) = outbox.pop_front() {
                sink.start_send_unpin(message)?;
                *wrote += 1;
            }
        }
    })
    .await
}

/// Ends the socket: the close frame must not be lost in what the client still sends.
pub(super) async fn farewell(
    mut sink: SplitSink<WebSocket, Message>,
    mut stream: SplitStream<WebSocket>,
    code: u16,
    mut reason: String,
) {
    // A close frame has room for 123 bytes.
    while reason.len() > 123 {
        reason.pop();
    }
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let told = async {
        if sink.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {}
        }
    };
    // Who does not answer is gone, or does not matter any more.
    let _ = tokio::time::timeout(FAREWELL, told).await;
}

/// Whether the other side still lives.
#[derive(Default)]
pub(super) struct Health {
    pub(super) heard: bool,
    missed: u8,
    stuck: u8,
}

impl Health {
    /// To be asked once a span: false for a client that said nothing for two of them though it was listened to, or took
    /// nothing for three though there was something.
    pub(super) fn is_good(&mut self, listened: bool, is_stuck: bool) -> bool {
        self.missed = match std::mem::take(&mut self.heard) || !listened {
            true => 0,
            false => self.missed + 1,
        };
        self.stuck = match is_stuck {
            true => self.stuck + 1,
            false => 0,
        };
        self.missed < 3 && self.stuck < 3
    }
}
