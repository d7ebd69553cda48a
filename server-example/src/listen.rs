//! The socket that visitors connect to.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// Bytes that the system holds of what one visitor has not read. By itself it takes megabytes, and the model writes them
/// for nobody. A path of 150 ms still carries 10 Mbit/s.
const SEND_BUFFER: u32 = 192 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens at `addr`, with buffers fit for answers that a visitor may stop reading.
///
/// # Errors
/// When the address is taken or is none of this machine's.
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Elsewhere this would let two servers take one address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // What is accepted has it from the listener.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}
