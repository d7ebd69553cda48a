//! How fast each dialect is read, in bytes of the stream: a reply of about 1 MB, in pieces as a network brings them (1,400
//! bytes) and as a model does (20 bytes), and one of an eighth of it, which has to be as fast by the byte.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use natter_protocol::decode::Decoder;
use natter_protocol::sse::Parser;

const SIZE: usize = 1_000_000;
const PIECES: [usize; 2] = [1400, 20];

/// A dialect: its name and type, and its stream's beginning, one delta, and end.
type Dialect = (&'static str, &'static str, &'static str, &'static str, &'static str);

const DIALECTS: [Dialect; 9] = [
    (
        "ui_message",
        "text/event-stream",
        "data: {\"type\":\"start\"}\n\ndata: {\"type\":\"text-start\",\"id\":\"0\"}\n\n",
        "data: {\"type\":\"text-delta\",\"id\":\"0\",\"delta\":\" lorem\"}\n\n",
        "data: {\"type\":\"finish\"}\n\ndata: [DONE]\n\n",
    ),
    (
        "openai_chat",
        "text/event-stream",
        "",
        "data: {\"id\":\"chatcmpl-B9\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" lorem\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
    ),
    (
        "openai_responses",
        "text/event-stream",
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}\n\n",
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\" lorem\",\"logprobs\":[]}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n",
    ),
    (
        "anthropic",
        "text/event-stream",
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" lorem\"}}\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ),
    (
        "ollama",
        "application/x-ndjson",
        "",
        "{\"model\":\"llama3.2\",\"created_at\":\"2025-10-14T12:00:00.385406Z\",\"message\":{\"role\":\"assistant\",\"content\":\" lorem\"},\"done\":false}\n",
        "{\"model\":\"llama3.2\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n",
    ),
    (
        "n8n",
        "application/json",
        "{\"type\":\"begin\"}\n",
        "{\"type\":\"item\",\"content\":\" lorem\",\"metadata\":{\"nodeId\":\"fd7d1c4a\",\"nodeName\":\"AI Agent\",\"itemIndex\":0,\"runIndex\":0,\"timestamp\":1774234478437}}\n",
        "{\"type\":\"end\"}\n",
    ),
    ("data_stream", "text/plain", "f:{\"messageId\":\"m\"}\n", "0:\" lorem\"\n", "d:{\"finishReason\":\"stop\"}\n"),
    ("json", "application/json", "{\"output\":\"", " lorem", "\"}"),
    ("plain", "text/plain", "", " lorem ipsum dolor 😀", ""),
];

fn stream(&(_, _, begin, delta, end): &Dialect, size: usize) -> Vec<u8> {
    [begin, &delta.repeat((size - begin.len() - end.len()) / delta.len()), end].concat().into_bytes()
}

fn read(content_type: &str, stream: &[u8], piece: usize) -> usize {
    let mut decoder = Decoder::for_response(Some(content_type), |_| None);
    let events: usize = stream.chunks(piece).map(|piece| decoder.push(black_box(piece)).len()).sum();
    events + decoder.finish().len()
}

fn decode(c: &mut Criterion) {
    for dialect in &DIALECTS {
        let mut group = c.benchmark_group(dialect.0);
        for size in [SIZE, SIZE / 8] {
            let stream = stream(dialect, size);
            assert!(read(dialect.1, &stream, 1400) > 0);
            group.throughput(Throughput::Bytes(stream.len() as u64));
            for piece in PIECES {
                let id = BenchmarkId::new(format!("{}_kB", size / 1000), piece);
                group.bench_function(id, |bencher| bencher.iter(|| read(dialect.1, &stream, piece)));
            }
        }
    }
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("sse");
    let stream = stream(&DIALECTS[0], SIZE);
    group.throughput(Throughput::Bytes(stream.len() as u64));
    for piece in PIECES {
        group.bench_function(BenchmarkId::new("1000_kB", piece), |bencher| {
            bencher.iter(|| {
                let mut parser = Parser::new();
                let mut events = Vec::new();
                let mut count = 0;
                for piece in stream.chunks(piece) {
                    // A line over the limit is the only error, and there is none.
                    let _ = parser.push(black_box(piece), &mut events);
                    count += events.len();
                    events.clear();
                }
                count
            });
        });
    }
}

criterion_group! {
    name = benches;
    // Enough for figures within a few per cent, in about a minute and a half.
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(2))
        .warm_up_time(std::time::Duration::from_millis(500));
    targets = parse, decode
}
criterion_main!(benches);
