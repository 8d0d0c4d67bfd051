//! Any bytes are a request to the server or a typed error; what streams it carries goes on into the remoting protocol.

#![no_main]

use exsh::clixml::SessionKey;
use exsh::psrp::{ServerOptions, ServerPool, StreamName, Target};
use exsh::wsman::{Compression, RequestBody, parse_request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for compression in [Compression::None, Compression::Xpress] {
        let Ok(request) = parse_request(data, |_| compression) else { continue };
        let mut server = ServerPool::new(ServerOptions::new(SessionKey::new([7; 32])));
        let bytes = match request.body {
            RequestBody::Create(create) => create.creation.unwrap_or_default(),
            RequestBody::Command { arguments, .. } => arguments,
            RequestBody::Send { streams } => streams.iter().flat_map(|stream| stream.data.to_vec()).collect(),
            _ => continue,
        };
        let _ = server.handle_bytes(Target::Pool, StreamName::Default, bytes.into());
        while server.poll_event().is_some() {}
    }
});
