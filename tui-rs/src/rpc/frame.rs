//! Content-Length frames: encode them, and decode a byte stream that may be damaged.
//!
//! The decoder finds its way back after noise before a header, names in any case, bare line feeds
//! and lengths that are wrong: no JSON text holds a raw blank line after a header line, so a header
//! found inside a body is a header.

/// The longest body that is taken.
pub const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

const MAX_HEADER_BYTES: usize = 8192;
const NAME: &[u8] = b"content-length";

/// What the decoder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameEvent {
    /// The body of one message, not yet read as JSON.
    Body(Vec<u8>),
    /// So many bytes outside any frame were skipped.
    Noise(usize),
    /// A message of so many bytes was announced, which is longer than the limit, and is skipped.
    Oversize(usize),
}

enum Header {
    Complete { end: usize, length: usize },
    Incomplete,
    Broken,
}

/// The frame of one message.
#[must_use]
pub fn encode(body: &[u8]) -> Vec<u8> {
    let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    frame.extend_from_slice(body);
    frame
}

/// Cuts a byte stream into message bodies; keeps at most one message in memory.
#[derive(Debug)]
pub struct FrameDecoder {
    max_body_bytes: usize,
    buffer: Vec<u8>,
    length: Option<usize>,
    searched: usize,
    noise: usize,
}

impl Default for FrameDecoder {
    fn default() -> Self {
        Self::new(MAX_BODY_BYTES)
    }
}

impl FrameDecoder {
    /// A decoder that refuses longer bodies.
    #[must_use]
    pub const fn new(max_body_bytes: usize) -> Self {
        Self { max_body_bytes, buffer: Vec::new(), length: None, searched: 0, noise: 0 }
    }

    /// Take bytes in; [`Self::next_event`] gives what they complete.
    pub fn feed(&mut self, data: &[u8]) {
        self.buffer.extend_from_slice(data);
    }

    /// The next thing found, or nothing until more bytes come.
    pub fn next_event(&mut self) -> Option<FrameEvent> {
        if self.length.is_none() {
            let (position, header) = self.find_header()?;
            self.skip(position);
            if self.noise > 0 {
                // The header stays in the buffer and is found again.
                return Some(FrameEvent::Noise(std::mem::take(&mut self.noise)));
            }
            let Header::Complete { end, length } = header else { return None };
            self.buffer.drain(..end.min(self.buffer.len()));
            if length > self.max_body_bytes {
                return Some(FrameEvent::Oversize(length));
            }
            self.length = Some(length);
            self.searched = 0;
        }
        let end = self.end_of_body(self.length?)?;
        self.length = None;
        Some(FrameEvent::Body(self.buffer.drain(..end).collect()))
    }

    /// Where the body ends, or nothing while it is incomplete. A length that is too long has
    /// swallowed some of the next message, which is given back as soon as its header is there.
    fn end_of_body(&mut self, length: usize) -> Option<usize> {
        let available = self.buffer.get(..length.min(self.buffer.len()))?;
        if available.get(self.searched..).is_some_and(|fresh| fresh.contains(&b'\n')) {
            let swallowed =
                find_header_in(available, self.searched.saturating_sub(MAX_HEADER_BYTES));
            if swallowed.is_some() {
                return swallowed;
            }
        }
        self.searched = available.len();
        if available.len() < length {
            return None;
        }
        let text = available.trim_ascii_end();
        if text.ends_with(b"}") || text.ends_with(b"]") {
            return Some(length);
        }
        let begun = find_begun_header(available, length.saturating_sub(MAX_HEADER_BYTES));
        Some(begun.unwrap_or(length))
    }

    fn skip(&mut self, n_bytes: usize) {
        let skipped = self.buffer.drain(..n_bytes.min(self.buffer.len()));
        self.noise += skipped.as_slice().trim_ascii().len();
    }

    /// Where the next complete header begins, with its end counted from there.
    fn find_header(&mut self) -> Option<(usize, Header)> {
        let mut from = 0;
        loop {
            let Some(position) = find_name(&self.buffer, from) else {
                // The name may be cut in two by the end of what has arrived.
                let cut = self.buffer.len().saturating_sub(NAME.len() + 16);
                self.skip(cut.max(from.min(self.buffer.len())));
                return None;
            };
            match read_header(self.buffer.get(position..)?) {
                header @ Header::Complete { .. } => return Some((position, header)),
                Header::Incomplete => {
                    self.skip(position);
                    return None;
                }
                Header::Broken => from = position + NAME.len(),
            }
        }
    }
}

fn find_name(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(NAME.len())
        .position(|window| {
            window.first().is_some_and(|byte| byte.eq_ignore_ascii_case(&b'c'))
                && window.eq_ignore_ascii_case(NAME)
        })
        .map(|position| from + position)
}

fn read_header(bytes: &[u8]) -> Header {
    let mut length = None;
    let mut position = 0;
    loop {
        let rest = bytes.get(position..bytes.len().min(MAX_HEADER_BYTES)).unwrap_or_default();
        let Some(newline) = rest.iter().position(|&byte| byte == b'\n') else {
            let too_long = bytes.len() >= MAX_HEADER_BYTES;
            return if too_long { Header::Broken } else { Header::Incomplete };
        };
        let line = rest.get(..newline).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        position += newline + 1;
        if line.is_empty() {
            return length
                .map_or(Header::Broken, |length| Header::Complete { end: position, length });
        }
        match read_field(line) {
            Some((name, value)) if name.eq_ignore_ascii_case(NAME) => match read_length(value) {
                Some(value) => length = Some(value),
                None => return Header::Broken,
            },
            Some(_) => {}
            None => return Header::Broken,
        }
    }
}

fn read_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let value = line.get(colon + 1..)?.trim_ascii();
    let is_name = |byte: &u8| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(byte);
    (!name.is_empty() && name.iter().all(is_name)).then_some((name, value))
}

fn read_length(value: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(value).ok()?;
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Where a complete header stands inside a body, which no JSON text has.
fn find_header_in(body: &[u8], from: usize) -> Option<usize> {
    let mut from = from;
    while let Some(position) = find_name(body, from) {
        if matches!(read_header(body.get(position..)?), Header::Complete { .. }) {
            return Some(position);
        }
        from = position + 1;
    }
    None
}

/// Where a header begins that the end of the body cuts off.
fn find_begun_header(body: &[u8], from: usize) -> Option<usize> {
    let mut search = from;
    while let Some(position) = find_name(body, search) {
        if matches!(read_header(body.get(position..)?), Header::Incomplete) {
            return Some(position);
        }
        search = position + 1;
    }
    let begun = (1..NAME.len()).rev().find(|&count| {
        body.len().checked_sub(count).and_then(|at| body.get(at..)).is_some_and(|tail| {
            NAME.get(..count).is_some_and(|name| tail.eq_ignore_ascii_case(name))
        })
    })?;
    Some(body.len() - begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(chunks: &[&[u8]]) -> Vec<FrameEvent> {
        let mut decoder = FrameDecoder::new(1000);
        let mut events = Vec::new();
        for chunk in chunks {
            decoder.feed(chunk);
            events.extend(std::iter::from_fn(|| decoder.next_event()));
        }
        events
    }

    fn body(text: &str) -> FrameEvent {
        FrameEvent::Body(text.as_bytes().to_vec())
    }

    #[test]
    fn a_frame_decodes_to_its_body() {
        assert_eq!(decode(&[&encode(b"{}")]), [body("{}")]);
    }

    #[test]
    fn a_frame_cut_anywhere_decodes_to_the_same() {
        let frame = [encode(b"{\"a\":1}"), encode(b"[2]")].concat();
        for cut in 0..frame.len() {
            let (left, right) = frame.split_at(cut);
            assert_eq!(decode(&[left, right]), [body("{\"a\":1}"), body("[2]")], "cut at {cut}");
        }
    }

    #[test]
    fn headers_may_be_lower_case_with_bare_line_feeds_and_other_fields() {
        let frame = b"Content-Type: x\ncontent-length: 2\nContent-Type: y\n\n{}";
        assert_eq!(decode(&[frame]), [FrameEvent::Noise(15), body("{}")]);
    }

    #[test]
    fn noise_before_a_header_is_skipped_and_counted() {
        let noisy = [b"Warning: hello\n".as_slice(), &encode(b"{}")].concat();
        assert_eq!(decode(&[&noisy]), [FrameEvent::Noise(14), body("{}")]);
    }

    #[test]
    fn a_negative_length_is_noise() {
        let bytes = [b"Content-Length: -5\r\n\r\n{}".as_slice(), &encode(b"[1]")].concat();
        assert!(
            matches!(decode(&[&bytes]).as_slice(), [FrameEvent::Noise(_), last] if *last == body("[1]"))
        );
    }

    #[test]
    fn a_length_that_is_too_short_costs_one_message() {
        let bytes = [b"Content-Length: 4\r\n\r\n{\"a\":1}".as_slice(), &encode(b"{}")].concat();
        assert_eq!(decode(&[&bytes]), [body("{\"a\""), FrameEvent::Noise(3), body("{}")]);
    }

    #[test]
    fn a_length_that_is_too_long_costs_nothing() {
        for excess in 1..60 {
            let head = format!("Content-Length: {}\r\n\r\n{{\"a\":1}}", 7 + excess);
            let bytes =
                [head.into_bytes(), encode(b"{\"b\":2}"), encode(b"{\"c\":\"long enough\"}")]
                    .concat();
            let events = decode(&[&bytes]);
            assert_eq!(events.first(), Some(&body("{\"a\":1}")), "excess {excess}");
            assert!(events.contains(&body("{\"b\":2}")), "excess {excess}: {events:?}");
        }
    }

    #[test]
    fn a_length_that_is_far_too_long_costs_nothing_once_the_next_message_begins() {
        let bytes =
            [b"Content-Length: 900\r\n\r\n{\"a\":1}".as_slice(), &encode(b"{\"b\":2}")].concat();
        assert_eq!(decode(&[&bytes]), [body("{\"a\":1}"), body("{\"b\":2}")]);
    }

    #[test]
    fn an_oversize_message_is_told_and_skipped() {
        let long = format!("{{\"a\":\"{}\"}}", "x".repeat(2000));
        let bytes = [encode(long.as_bytes()), encode(b"{}")].concat();
        let events = decode(&[&bytes]);
        assert_eq!(events.first(), Some(&FrameEvent::Oversize(long.len())));
        assert_eq!(events.last(), Some(&body("{}")));
    }
}
