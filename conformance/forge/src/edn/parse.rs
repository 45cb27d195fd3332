//! Text to items: recursive descent over characters, with the place of the first fault.

use crate::{EdnError, parse_hex};

use super::write::half_of;
use super::{Item, Placeholder, Width};

/// How deep the notation may nest; deeper inputs are written as raw bytes.
const MOST_DEPTH: usize = 64;

/// Reads one item.
///
/// # Errors
/// Line and column of the first fault; anything but comments behind the item is one.
pub fn parse(text: &str) -> Result<Item, EdnError> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let item = parser.item()?;
    parser.space()?;
    if parser.rest().is_empty() { Ok(item) } else { Err(parser.fault("something stands behind the item")) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn fault(&self, what: impl Into<String>) -> EdnError {
        let before = self.text.get(..self.at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        EdnError {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            what: what.into(),
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), EdnError> {
        self.space()?;
        if self.eat(token) { Ok(()) } else { Err(self.fault(format!("`{token}` is missing"))) }
    }

    /// White space and comments.
    fn space(&mut self) -> Result<(), EdnError> {
        loop {
            match self.peek() {
                Some(char) if char.is_whitespace() => self.at += char.len_utf8(),
                Some('/') => {
                    let open = self.fault("the comment is not closed");
                    self.next();
                    while self.next().ok_or_else(|| open.clone())? != '/' {}
                }
                Some('#') if !self.rest().starts_with("#'") => {
                    while self.peek().is_some_and(|char| char != '\n') {
                        self.next();
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn item(&mut self) -> Result<Item, EdnError> {
        if self.depth == MOST_DEPTH {
            return Err(self.fault(format!("nested deeper than {MOST_DEPTH}")));
        }
        self.depth += 1;
        self.space()?;
        let item = self.item_here()?;
        self.depth -= 1;
        Ok(item)
    }

    fn item_here(&mut self) -> Result<Item, EdnError> {
        for (word, item) in [
            ("false", Item::simple(20)),
            ("true", Item::simple(21)),
            ("null", Item::simple(22)),
            ("undefined", Item::simple(23)),
        ] {
            if self.eat(word) {
                return Ok(item);
            }
        }
        for (word, value) in [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)] {
            if self.eat(word) {
                return self.float(value);
            }
        }
        match self.peek() {
            Some('"') => {
                let bytes = self.quoted_text()?.into_bytes();
                let width = self.width_for(bytes.len() as u64)?;
                Ok(Item::Text { bytes, width })
            }
            Some('h') if self.eat("h'") => {
                let bytes = self.quoted_hex()?;
                let width = self.width_for(bytes.len() as u64)?;
                Ok(Item::Bytes { bytes, width })
            }
            Some('t') if self.eat("t'") => {
                let bytes = self.quoted_hex()?;
                let width = self.width_for(bytes.len() as u64)?;
                Ok(Item::Text { bytes, width })
            }
            Some('#') if self.eat("#'") => self.quoted_hex().map(Item::Raw),
            Some('[') => self.array(),
            Some('{') => self.map(),
            Some('(') => self.chunks(),
            Some('s') if self.eat("simple(") => self.simple(),
            Some('$') => self.placeholder(),
            Some('-' | '0'..='9') => self.number(),
            Some(other) => Err(self.fault(format!("`{other}` begins no item"))),
            None => Err(self.fault("an item is missing")),
        }
    }

    /// An indicator behind the item, checked against the argument that it has to carry.
    fn width_for(&mut self, argument: u64) -> Result<Width, EdnError> {
        let width = self.indicator()?;
        let fits = match width {
            Width::Shortest => true,
            Width::Bytes(size) => size == 8 || argument >> (8 * u32::from(size)) == 0,
            Width::Indefinite => false,
        };
        if fits { Ok(width) } else { Err(self.fault("the argument does not fit into the width that is asked for")) }
    }

    fn indicator(&mut self) -> Result<Width, EdnError> {
        if !self.eat("_") {
            return Ok(Width::Shortest);
        }
        let width = match self.peek() {
            Some('0') => Width::Bytes(1),
            Some('1') => Width::Bytes(2),
            Some('2') => Width::Bytes(4),
            Some('3') => Width::Bytes(8),
            Some(char) if char.is_alphanumeric() => {
                return Err(self.fault(format!("`_{char}` is no indicator")));
            }
            _ => return Ok(Width::Indefinite),
        };
        self.next();
        Ok(width)
    }

    fn quoted_text(&mut self) -> Result<String, EdnError> {
        let open = self.fault("the text is not closed");
        self.next();
        let mut text = String::new();
        loop {
            match self.next().ok_or_else(|| open.clone())? {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                char => text.push(char),
            }
        }
    }

    fn escape(&mut self) -> Result<char, EdnError> {
        Ok(match self.next() {
            Some(char @ ('"' | '\\' | '/')) => char,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let first = self.four_digits()?;
                let code = match first {
                    0xd800..0xdc00 if self.eat("\\u") => {
                        let second = self.four_digits()?;
                        0x1_0000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
                    }
                    other => other,
                };
                char::from_u32(code).ok_or_else(|| self.fault("a surrogate alone is no character"))?
            }
            _ => return Err(self.fault("unknown escape")),
        })
    }

    fn four_digits(&mut self) -> Result<u32, EdnError> {
        let digits = self.rest().get(..4).unwrap_or_default();
        match u32::from_str_radix(digits, 16) {
            Ok(code) => {
                self.at += 4;
                Ok(code)
            }
            Err(_) => Err(self.fault("`\\u` needs four hex digits")),
        }
    }

    fn quoted_hex(&mut self) -> Result<Vec<u8>, EdnError> {
        let open = self.fault("the quotation is not closed");
        let length = self.rest().find('\'').ok_or(open)?;
        let bytes = parse_hex(self.rest().get(..length).unwrap_or_default()).map_err(|error| self.fault(error.what))?;
        self.at += length + 1;
        Ok(bytes)
    }

    fn array(&mut self) -> Result<Item, EdnError> {
        self.next();
        let width = self.indicator()?;
        let items = self.list("]")?;
        self.counted(items.len(), width)?;
        Ok(Item::Array { items, width })
    }

    fn map(&mut self) -> Result<Item, EdnError> {
        self.next();
        let width = self.indicator()?;
        let mut pairs = Vec::new();
        self.space()?;
        while !self.eat("}") {
            let key = self.item()?;
            self.expect(":")?;
            let value = self.item()?;
            pairs.push((key, value));
            self.separator("}")?;
        }
        self.counted(pairs.len(), width)?;
        Ok(Item::Map { pairs, width })
    }

    fn counted(&self, count: usize, width: Width) -> Result<(), EdnError> {
        match width {
            Width::Bytes(1) if count > 0xff => {
                Err(self.fault("the count does not fit into the width that is asked for"))
            }
            _ => Ok(()),
        }
    }

    fn list(&mut self, close: &str) -> Result<Vec<Item>, EdnError> {
        let mut items = Vec::new();
        self.space()?;
        while !self.eat(close) {
            items.push(self.item()?);
            self.separator(close)?;
        }
        Ok(items)
    }

    /// A comma, or nothing before the closing sign.
    fn separator(&mut self, close: &str) -> Result<(), EdnError> {
        self.space()?;
        if self.eat(",") {
            return self.space();
        }
        if self.rest().starts_with(close) { Ok(()) } else { Err(self.fault(format!("`,` or `{close}` is missing"))) }
    }

    fn chunks(&mut self) -> Result<Item, EdnError> {
        self.next();
        if self.indicator()? != Width::Indefinite {
            return Err(self.fault("a string in chunks begins with `(_`"));
        }
        let chunks = self.list(")")?;
        match chunks.first() {
            Some(Item::Bytes { .. }) => Ok(Item::Chunks { chunks, text: false }),
            Some(Item::Text { .. }) => Ok(Item::Chunks { chunks, text: true }),
            _ => Err(self.fault("the first chunk must be a string, to say the type")),
        }
    }

    fn simple(&mut self) -> Result<Item, EdnError> {
        let digits = self.digits();
        let number: u8 = digits
            .parse()
            .ok()
            .filter(|number| !(24..32).contains(number))
            .ok_or_else(|| self.fault("a simple value is 0 to 23 or 32 to 255"))?;
        self.expect(")")?;
        let width = self.width_for(number.into())?;
        Ok(Item::Simple { number, width })
    }

    fn placeholder(&mut self) -> Result<Item, EdnError> {
        let placeholder = if self.eat("$digest(") {
            let id = self.digits().parse().map_err(|_| self.fault("`$digest` needs a section id"))?;
            self.expect(")")?;
            Placeholder::Digest(id)
        } else if self.eat("$index_digest") {
            Placeholder::IndexDigest
        } else if self.eat("$sections") {
            Placeholder::Sections
        } else {
            return Err(self.fault("unknown placeholder"));
        };
        Ok(Item::Placeholder(placeholder))
    }

    fn digits(&mut self) -> String {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        self.at += digits.len();
        digits
    }

    fn number(&mut self) -> Result<Item, EdnError> {
        let negative = self.eat("-");
        let whole = self.digits();
        if whole.is_empty() {
            return Err(self.fault("digits are missing"));
        }
        let sign = if negative { "-" } else { "" };
        if self.eat(".") {
            let mut text = format!("{sign}{whole}.{}", self.digits());
            if self.eat("e") {
                text.push('e');
                if self.eat("-") {
                    text.push('-');
                } else {
                    self.eat("+");
                }
                text.push_str(&self.digits());
            }
            return match text.parse() {
                Ok(value) => self.float(value),
                Err(_) => Err(self.fault(format!("`{text}` is no float"))),
            };
        }
        let value: i128 = format!("{sign}{whole}").parse().map_err(|_| self.fault("the integer is too big"))?;
        let argument = u64::try_from(if value < 0 { -1 - value } else { value })
            .map_err(|_| self.fault("the integer is beyond 64 bits"))?;
        let width = self.width_for(argument)?;
        if !negative && self.eat("(") {
            let content = Box::new(self.item()?);
            self.expect(")")?;
            return Ok(Item::Tag { number: argument, width, content });
        }
        Ok(Item::Int { value, width })
    }

    fn float(&mut self, value: f64) -> Result<Item, EdnError> {
        let width = self.indicator()?;
        let single = value as f32;
        let exact = f64::from(single) == value || value.is_nan();
        let fits = match width {
            Width::Shortest | Width::Bytes(8) => true,
            Width::Bytes(4) => exact,
            Width::Bytes(2) => exact && half_of(single).is_some(),
            Width::Bytes(_) | Width::Indefinite => false,
        };
        if fits {
            Ok(Item::Float { value, width })
        } else {
            Err(self.fault("the float does not fit into the width that is asked for"))
        }
    }
}
