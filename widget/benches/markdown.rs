//! Markdown: ours beside pulldown-cmark, on the same mixed reply of about 200 KB, whole and in pushes of 20 bytes.
//!
//! A push is followed by a look at the tail, as the widget does once a frame. pulldown-cmark knows no pieces: beside the
//! stream it reads all text so far after each push, of a reply of 8 KB, which is what a widget without a streaming parser
//! does.

#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use natter_widget::model::markdown::{Markdown, parse};
use pulldown_cmark::{Options, Parser};

/// A reply of some 1,000 bytes with a bit of everything.
const REPLY: &str = "\
## How to **start**

First, install the tool with `cargo install natter`, then open [the guide](https://example.com/guide?a=1&b=2). It takes
about *two minutes*, and ***nothing*** is sent anywhere \u{2014} see <https://example.com/privacy> for the ~~long~~ short story.

1. Open the *settings* page.
2. Choose **Advanced**, then:
   - tick `keep history`
   - set the limit to 50 messages
3. Save & close.

> Note: the limit counts messages, not words. \u{4f60}\u{597d}\u{ff0c}**\u{4e16}\u{754c}**\u{3002}

```rust
fn main() {
    let widget = Widget::new(\"#chat\").limit(50);
    widget.mount().expect(\"the page has an element with this id\");
}
```

| Plan | Price | Messages |
|------|------:|:--------:|
| Free | 0 | 100 |
| Team | 12 | `unlimited` |
| Own | [ask us](/contact) | **unlimited** |

- [x] installed
- [ ] configured

That is all. If it does not work, write to help@example.com and tell us what you see; most problems are one line.

";

fn reply(bytes: usize) -> String {
    REPLY.repeat(bytes.div_ceil(REPLY.len()))
}

fn theirs(text: &str) -> usize {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    // Events are what a renderer would make nodes of; they are counted, and not kept.
    Parser::new_ext(text, options).map(black_box).count()
}

/// `text` in pieces of 20 bytes, or a little less where a character is in the way.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let mut end = rest.len().min(20);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn streamed(pieces: &[&str]) -> Markdown {
    let mut markdown = Markdown::default();
    for piece in pieces {
        markdown.push(piece);
        black_box(markdown.tail());
    }
    markdown.finish();
    markdown
}

fn markdown(criterion: &mut Criterion) {
    let text = reply(200_000);
    let mut group = criterion.benchmark_group("whole");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("natter", |bencher| bencher.iter(|| parse(black_box(&text))));
    group.bench_function("pulldown-cmark", |bencher| bencher.iter(|| theirs(black_box(&text))));
    group.finish();

    let mut group = criterion.benchmark_group("stream of 20-byte pushes");
    for bytes in [8_000, 200_000] {
        let text = reply(bytes);
        let pieces = pieces(&text);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group
            .bench_function(BenchmarkId::new("natter", bytes), |bencher| bencher.iter(|| streamed(black_box(&pieces))));
    }
    let text = reply(8_000);
    let pieces = pieces(&text);
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function(BenchmarkId::new("pulldown-cmark, all so far", 8_000), |bencher| {
        bencher.iter(|| {
            let mut end = 0;
            for piece in &pieces {
                end += piece.len();
                black_box(theirs(&text[..end]));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, markdown);
criterion_main!(benches);
