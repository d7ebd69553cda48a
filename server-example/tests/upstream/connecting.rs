//! How long connecting may take.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::common::upstream::Upstream;
use crate::common::{Server, error};

#[tokio::test]
async fn an_upstream_that_lets_nobody_in_is_given_up_in_time() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let addr = listener.local_addr().unwrap();
    // Nobody accepts: once the queue is full, the next connection gets no answer.
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = timeout(Duration::from_millis(200), TcpStream::connect(addr)).await {
        queue.push(stream);
    }
    let upstream = Upstream::start().await;
    let settings = upstream.with(|s| {
        s.model.openai_base_url = Some(format!("http://{addr}/v1"));
        (s.model.connect_timeout, s.model.upstream_timeout) = (1, 60);
    });
    let server = Server::start(settings).await;
    let start = Instant::now();
    let response = server.ask("hi").await;
    assert_eq!((response.status().as_u16(), &error(response).await["code"]), (502, &json!("upstream_failed")));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
