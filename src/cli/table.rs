//! Tables, and the marks under them.
//!
//! A word is never cut: each column is as wide as its longest word, and what room is left goes, column by column, to the one whose
//! text runs longest. Where even the words do not fit beside each other, each row is shown as a block of its own.

use unicode_width::UnicodeWidthStr;

use super::text::{BOLD, DIM, clean, indented, pad, styled, width, words, wrap};
use crate::view::Line;
pub(super) use crate::view::words::{joined, kind_words};

/// A table of a view's lines.
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// What stands over a row, by its place.
    over: Vec<(usize, String)>,
    /// What stands under a row, by its place.
    under: Vec<(usize, String)>,
    possible: bool,
    disputed: bool,
}

const GAP: usize = 2;

/// A column this narrow, a date's, is not broken if there is room.
const UNBROKEN: usize = 16;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Table {
    pub(super) fn new(header: &[&str]) -> Table {
        let header = header.iter().map(ToString::to_string).collect();
        Table { header, rows: Vec::new(), over: Vec::new(), under: Vec::new(), possible: false, disputed: false }
    }

    /// A row whose first cell is marked: `?` if it may lie after the day asked about, `!` if a party disputes it.
    pub(super) fn line<T>(&mut self, line: &Line<T>, mut cells: Vec<String>) {
        self.possible |= line.possible;
        self.disputed |= !line.disputed_by.is_empty();
        let mark = match (line.possible, !line.disputed_by.is_empty()) {
            (true, true) => "?!",
            (true, false) => "?",
            (false, true) => "!",
            (false, false) => "",
        };
        if let Some(first) = cells.first_mut() {
            first.push_str(mark);
        }
        self.row(cells);
        if let Some(table) = &line.table {
            self.under(&format!("at another table: {table}"));
        }
    }

    /// A row as it is.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().map(|cell| whole_dates(&clean(cell))).collect());
    }

    /// A heading over the row after it.
    pub(super) fn heading(&mut self, text: &str) {
        self.over.push((self.rows.len() + 1, clean(text)));
    }

    /// A line under the row before it, for what has no room in a column.
    pub(super) fn under(&mut self, text: &str) {
        self.under.push((self.rows.len(), clean(text)));
    }

    /// Whether it has no row.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table and what its marks mean; without a row, the words given.
    pub(super) fn finish(mut self, if_empty: &str) -> String {
        if self.rows.is_empty() {
            return format!("{if_empty}\n");
        }
        self.drop_blank_columns();
        let mut text = match self.columns(width(), UNBROKEN).or_else(|| self.columns(width(), 0)) {
            Some(columns) => self.side_by_side(&columns),
            None => self.blocks(),
        };
        if self.possible || self.disputed {
            text.push('\n');
        }
        if self.possible {
            text.push_str(&format!("{}\n", styled(DIM, "? may lie after the day asked about")));
        }
        if self.disputed {
            text.push_str(&format!("{}\n", styled(DIM, "! a party disputes it")));
        }
        text
    }

    /// A column in which no row says anything takes no room.
    fn drop_blank_columns(&mut self) {
        let says = |column: &usize| self.rows.iter().any(|row| row.get(*column).is_some_and(|cell| cell != "-"));
        let kept: Vec<usize> = (0..self.header.len()).filter(says).collect();
        let keep = |row: &[String]| kept.iter().filter_map(|column| row.get(*column).cloned()).collect();
        self.header = keep(&self.header);
        self.rows = self.rows.iter().map(|row| keep(row)).collect();
    }

    /// How wide each column is; nothing if the words do not fit, or the text would be a thread.
    fn columns(&self, room: usize, unbroken: usize) -> Option<Vec<usize>> {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column)).map(String::as_str);
        let shaped = |column: usize| {
            let name = self.header[column].width();
            let word = cells(column).flat_map(words).map(UnicodeWidthStr::width).max().unwrap_or(0);
            let whole = cells(column).map(UnicodeWidthStr::width).max().unwrap_or(0);
            (if whole <= unbroken { whole } else { word }.max(name), whole.max(name))
        };
        let shapes: Vec<(usize, usize)> = (0..self.header.len()).map(shaped).collect();
        let mut columns: Vec<usize> = shapes.iter().map(|(word, _)| *word).collect();
        let gaps = GAP * columns.len().saturating_sub(1);
        let spare = room.checked_sub(columns.iter().sum::<usize>() + gaps)?;
        for _ in 0..spare {
            let short = |column: &usize| columns[*column] < shapes[*column].1;
            let lines = |column: &usize| shapes[*column].1 * 1000 / columns[*column].max(1);
            let Some(longest) = (0..columns.len()).filter(short).max_by_key(lines) else { break };
            columns[longest] += 1;
        }
        let deepest = columns.iter().zip(&shapes).map(|(column, (_, whole))| whole / column.max(&1)).max();
        (deepest < Some(8)).then_some(columns)
    }

    fn side_by_side(&self, columns: &[usize]) -> String {
        let mut text = String::new();
        for (i, row) in std::iter::once(&self.header).chain(&self.rows).enumerate() {
            text.push_str(&self.lines_over(i));
            let cells: Vec<Vec<String>> = row.iter().zip(columns).map(|(cell, column)| wrap(cell, *column)).collect();
            for place in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                let piece = |cell: &Vec<String>| cell.get(place).cloned().unwrap_or_default();
                let pieces = cells.iter().zip(columns).map(|(cell, column)| pad(&piece(cell), column + GAP));
                let line = pieces.collect::<String>().trim_end().to_string();
                text.push_str(&if i == 0 { styled(BOLD, &line) } else { line });
                text.push('\n');
            }
            text.push_str(&self.lines_under(i, 4));
        }
        text
    }

    /// What stands over a row, counted from 1.
    fn lines_over(&self, row: usize) -> String {
        let over = self.over.iter().filter(|(place, _)| *place == row);
        over.map(|(_, text)| {
            format!("\n{}\n", wrap(text, width()).iter().map(|line| styled(BOLD, line)).collect::<Vec<_>>().join("\n"))
        })
        .collect()
    }

    /// What stands under a row, counted from 1.
    fn lines_under(&self, row: usize, indent: usize) -> String {
        let under = self.under.iter().filter(|(place, _)| *place == row);
        under.map(|(_, text)| indented(text, indent, width())).collect()
    }

    /// One row below the other, each cell after its column's name.
    fn blocks(&self) -> String {
        let label = self.header.iter().map(|name| name.width()).max().unwrap_or(0) + GAP;
        let block = |(i, row): (usize, &Vec<String>)| -> String {
            let said = self.header.iter().zip(row).filter(|(_, cell)| !matches!(cell.as_str(), "-" | ""));
            let said: String = said
                .map(|(name, cell)| {
                    let lines = indented(cell, label, width());
                    format!("{}{}", styled(BOLD, &pad(name, label)), lines.trim_start())
                })
                .collect();
            self.lines_over(i + 1) + &said + &self.lines_under(i + 1, 4)
        };
        self.rows.iter().enumerate().map(block).collect::<Vec<_>>().join("\n")
    }
}

/// A word, or a dash.
pub(super) fn or_dash<T: ToString>(word: Option<T>) -> String {
    word.map_or("-".into(), |word| word.to_string())
}

/// The spaces in a date do not break: `19 Oct 2023` stays on one line.
fn whole_dates(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let is_month = |word: &str| MONTHS.contains(&word);
    let mut out = String::with_capacity(text.len());
    for (i, word) in words.iter().enumerate() {
        let day = i > 0 && is_month(word) && words[i - 1].ends_with(|c: char| c.is_ascii_digit());
        let year = i > 0 && is_month(words[i - 1]) && word.chars().take_while(char::is_ascii_digit).count() == 4;
        out.push_str(if i == 0 {
            ""
        } else if day || year {
            "\u{a0}"
        } else {
            " "
        });
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::new(&["ID", "WHAT", "NOTE"]);
        rows.iter().for_each(|row| table.row(row.iter().map(ToString::to_string).collect()));
        table
    }

    #[test]
    fn a_word_is_never_cut() {
        let table = table(&[&["D1", "an extraordinarily long demand in many words", "afghanistan"]]);
        let columns = table.columns(40, 0).expect("it fits");
        assert!(columns[1] >= "extraordinarily".len() && columns[2] >= "afghanistan".len());
        assert!(columns.iter().sum::<usize>() + 2 * GAP <= 40);
    }

    #[test]
    fn where_the_words_do_not_fit_each_row_is_a_block() {
        assert_eq!(table(&[&["D1", "extraordinarily", "afghanistan"]]).columns(20, 0), None);
    }

    #[test]
    fn a_date_does_not_break() {
        assert_eq!(wrap(&whole_dates("25 - 26 Oct 2023"), 11), ["25 -", "26 Oct 2023"]);
        assert_eq!(wrap(&whole_dates("May 5 came"), 3), ["May", "5", "came"]);
    }

    #[test]
    fn a_line_under_a_row_stands_under_that_row() {
        let mut table = table(&[&["D1", "text", "note"]]);
        table.under("and more");
        table.row(vec!["D2".into(), "text".into(), "note".into()]);
        let text = table.side_by_side(&[2, 4, 4]);
        assert_eq!(text.lines().nth(2), Some("    and more"));
    }

    #[test]
    fn a_heading_stands_over_the_row_after_it() {
        let mut table = table(&[&["D1", "text", "note"]]);
        table.heading("Later");
        table.row(vec!["D2".into(), "text".into(), "note".into()]);
        let text = table.side_by_side(&[2, 4, 4]);
        assert!(text.lines().nth(3).is_some_and(|line| line.contains("Later")), "{text}");
    }

    #[test]
    fn a_column_that_says_nothing_takes_no_room() {
        let mut table = table(&[&["D1", "text", "-"]]);
        table.drop_blank_columns();
        assert_eq!(table.header, ["ID", "WHAT"]);
    }
}
