//! Bodies of lines that are JSON each, or a code and JSON.

use super::dialect::Dialect;
use super::reply::Reply;
use super::{data_stream, n8n, too_long};
use crate::json::{ParseError, Value};
use crate::sse::Lines;

pub(super) fn push(lines: &mut Lines, mut bytes: &[u8], reply: &mut Reply) {
    loop {
        match lines.next(&mut bytes) {
            Ok(Some(line)) => read(line, false, reply),
            Ok(None) => return,
            Err(_) => return reply.out.push(too_long()),
        }
    }
}

/// The last line may lack its end; whether it is whole is for the JSON to say.
pub(super) fn end(lines: &mut Lines, reply: &mut Reply) {
    read(lines.rest(), true, reply);
    reply.end(None);
}

fn read(line: &[u8], is_last: bool, reply: &mut Reply) {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_ascii();
    if text.is_empty() {
        return;
    }
    let (code, json) = match reply.dialect {
        Some(Dialect::DataStream) => data_stream::split(text),
        _ => ("", text),
    };
    // Not JSON, in a dialect that has lines of text beside its JSON, or may turn out to be such a one.
    let may_be_text = matches!(reply.dialect, None | Some(Dialect::N8n));
    match Value::parse(json) {
        Ok(data) if !code.is_empty() => data_stream::read(code, &data, reply),
        Ok(data) if data.is_object() || data[0].is_object() => reply.read(&data),
        Err(ParseError::Eof) if is_last && (json.starts_with('{') || !may_be_text) => reply.finish = None,
        _ if may_be_text => n8n::text_line(text, reply),
        _ => reply.skip(),
    }
}
