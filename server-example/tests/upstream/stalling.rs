//! A visitor who stops reading stops the upstream, and the server holds next to nothing in between.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::common::process::{Process, binary};
use crate::common::upstream::token;
use crate::common::{conversation, soon};

const MAX_GROWTH: usize = 4 * 1024 * 1024;
/// A write that waits for so long waits for a reader.
const STALLED: Duration = Duration::from_millis(500);
/// What the ends of the connections that are the test's own hold themselves.
const SMALL: u32 = 16 * 1024;

/// An upstream that writes tokens as fast as they are taken, and counts their bytes.
async fn gusher(written: Arc<AtomicUsize>, stalled: tokio::sync::mpsc::Sender<()>) -> SocketAddr {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(SMALL).unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let listener = socket.listen(8).unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(gush(stream, Arc::clone(&written), stalled.clone()));
        }
    });
    addr
}

async fn gush(mut stream: TcpStream, written: Arc<AtomicUsize>, stalled: tokio::sync::mpsc::Sender<()>) {
    let mut head = [0; 64 * 1024];
    let _ = stream.read(&mut head).await;
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").await;
    let tokens: Vec<u8> = std::iter::repeat_n(token("word "), 64).flatten().collect();
    loop {
        match timeout(STALLED, stream.write(&tokens)).await {
            Ok(Ok(bytes)) => written.fetch_add(bytes, Ordering::Relaxed),
            Ok(Err(_)) => return,
            Err(_) => {
                let _ = stalled.send(()).await;
                // Until somebody reads or leaves.
                match stream.write(&tokens).await {
                    Ok(bytes) => written.fetch_add(bytes, Ordering::Relaxed),
                    Err(_) => return,
                }
            }
        };
    }
}

/// Asks, and reads no byte of the answer.
async fn ask(server: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(SMALL).unwrap();
    let mut stream = socket.connect(server).await.unwrap();
    let body = conversation(&["hi"]).to_string();
    let head = format!("POST /api/chat HTTP/1.1\r\nhost: {server}\r\ncontent-type: application/json\r\n");
    let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Bytes of the process that are in memory.
fn resident(process: &Process) -> usize {
    let statm = fs::read_to_string(format!("/proc/{}/statm", process.id())).unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[tokio::test]
async fn a_stalled_reader_stalls_the_upstream() {
    let written = Arc::new(AtomicUsize::new(0));
    let (sender, mut stalled) = tokio::sync::mpsc::channel(1);
    let upstream = gusher(Arc::clone(&written), sender).await;
    let base_url = format!("http://{upstream}/v1");
    let mut command = binary();
    command.env("OPENAI_API_KEY", "k").env("OPENAI_BASE_URL", base_url).env("NATTER_UPSTREAM_TIMEOUT", "30");
    let server = Process::start(command);

    // The first answer, of which a little is read, has the server load what it needs.
    let mut warm = ask(server.addr).await;
    let mut some = vec![0; 1 << 20];
    soon(warm.read_exact(&mut some)).await.unwrap();
    drop(warm);

    written.store(0, Ordering::Relaxed);
    let before = resident(&server);
    let mut reader = ask(server.addr).await;
    soon(stalled.recv()).await.unwrap();
    let taken = written.load(Ordering::Relaxed);
    let grown = resident(&server).saturating_sub(before);
    println!("the upstream got rid of {taken} bytes, the server grew by {grown}");
    assert!(taken < MAX_GROWTH, "{taken}");
    assert!(grown < MAX_GROWTH, "{grown}");

    // Once it reads, the answer goes on.
    let mut all = vec![0; taken];
    soon(reader.read_exact(&mut all)).await.unwrap();
    assert!(written.load(Ordering::Relaxed) > taken);
}
