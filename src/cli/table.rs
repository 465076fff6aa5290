//! Tables, and the marks under them.

use comfy_table::{ContentArrangement, Table as Comfy, presets};

use super::text::{clean, width};
use crate::view::Line;

/// A table of a view's lines.
pub(super) struct Table {
    inner: Comfy,
    possible: bool,
    disputed: bool,
    rows: usize,
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Table {
        let mut inner = Comfy::new();
        inner.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        inner.set_width(u16::try_from(width()).unwrap_or(80)).set_header(header.iter().copied());
        Table { inner, possible: false, disputed: false, rows: 0 }
    }

    /// A row whose first cell is marked: `?` if it may lie after the day asked about, `!` if a party disputes it.
    pub(super) fn line<T>(&mut self, line: &Line<T>, mut cells: Vec<String>) {
        self.possible |= line.possible;
        self.disputed |= !line.disputed_by.is_empty();
        let mark = match (line.possible, !line.disputed_by.is_empty()) {
            (true, true) => " ?!",
            (true, false) => " ?",
            (false, true) => " !",
            (false, false) => "",
        };
        if let Some(first) = cells.first_mut() {
            first.push_str(mark);
        }
        self.row(cells);
    }

    /// A row as it is.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows += 1;
        self.inner.add_row(cells.iter().map(|cell| clean(cell)));
    }

    /// The table and what its marks mean; without a row, the words given.
    pub(super) fn finish(self, if_empty: &str) -> String {
        if self.rows == 0 {
            return format!("{if_empty}\n");
        }
        let mut text: String = self
            .inner
            .to_string()
            .lines()
            .map(|line| format!("{}\n", line.trim_end().strip_prefix(' ').unwrap_or_default()))
            .collect();
        if self.possible {
            text.push_str("? may lie after the day asked about\n");
        }
        if self.disputed {
            text.push_str("! a party disputes it\n");
        }
        text
    }
}

/// Words joined by commas, or a dash.
pub(super) fn joined<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "-".into() } else { words.join(", ") }
}

/// A word, or a dash.
pub(super) fn or_dash<T: ToString>(word: Option<T>) -> String {
    word.map_or("-".into(), |word| word.to_string())
}
