//! Free ports of this machine. Remembered ones are used again while nobody else took them.

use std::net::{Ipv4Addr, TcpListener};

use super::LocalError;

/// A listener on 127.0.0.1, at the remembered port when it is free.
pub fn listen(remembered: Option<u16>) -> Result<(TcpListener, u16), LocalError> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = remembered.and_then(|port| bind(port).ok()).map_or_else(|| bind(0), Ok);
    listener.and_then(|listener| listener.local_addr().map(|address| (listener, address.port()))).map_err(|error| {
        LocalError::new(
            format!("no port of 127.0.0.1 can be listened on: {error}"),
            "end programs that hold many ports",
        )
    })
}

/// A port that another program can listen on in a moment.
pub fn free(remembered: Option<u16>) -> Result<u16, LocalError> {
    listen(remembered).map(|(_, port)| port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_port_is_used_again_unless_it_is_taken() {
        let (listener, port) = listen(None).unwrap();
        let other = free(Some(port)).unwrap();
        assert_ne!(other, port);
        drop(listener);
        assert_eq!(free(Some(port)).unwrap(), port);
    }
}
