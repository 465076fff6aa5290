//! The sheet that every picture is drawn on: its size, its looks, its words.

use maud::{Markup, html};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Caption;
use super::axis::Axis;
pub(super) use crate::view::clean;

/// How wide a picture is, in its own units; it grows and shrinks with the page.
pub(super) const WIDTH: f64 = 1000.0;
/// Where the drawing begins, right of the names.
pub(super) const LEFT: f64 = 200.0;
/// How wide the drawing is; the words of the states stand right of it.
pub(super) const DRAWN: f64 = 590.0;
/// Where the first row stands, under the captions.
pub(super) const TOP: f64 = 84.0;

/// The looks. Each differs in more than its colour; no custom properties, which word processors do not know.
const LIGHT: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:#1b1f24;unicode-bidi:plaintext}\
.paper{fill:#fff}.title{font-size:18px;font-weight:600}.soft{fill:#5b6570}.small{font-size:11px}.name{font-weight:600}\
.grid{stroke:#d5dae0;stroke-width:1}\
.holds{fill:#1f6f8b;stroke:#1f6f8b}\
.troubled{fill:url(#hatch);stroke:#b4690e;stroke-width:1.5}\
.waits{fill:none;stroke:#1f6f8b;stroke-width:1.5}\
.over{fill:none;stroke:#9aa4af;stroke-width:2}\
.act{fill:#a8322b;stroke:#a8322b}.hatch{stroke:#b4690e;stroke-width:3}\
.vague{stroke-dasharray:2 3;fill-opacity:.35}.act.vague{fill:none}";

/// What differs in the dark.
const DARK: &str = "\
@media(prefers-color-scheme:dark){text{fill:#e8ebee}.paper{fill:#14181d}.soft{fill:#a3adb8}.grid{stroke:#3a434d}\
.holds{fill:#58b5d3;stroke:#58b5d3}.troubled{stroke:#e0a04a}.waits{stroke:#58b5d3}.over{stroke:#69747f}\
.act{fill:#ec7a70;stroke:#ec7a70}.hatch{stroke:#e0a04a}}";

/// A whole picture of some height, in which the rows are drawn.
pub(super) fn sheet(caption: &Caption, describes: &str, height: f64, rows: &Markup) -> String {
    let foot = height - 12.0;
    let drawn = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby="t d" {
            title id="t" { (clean(&caption.title)) }
            desc id="d" { (clean(describes)) }
            style { (LIGHT) (DARK) }
            defs {
                pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    line class="hatch" x1="0" y1="0" x2="0" y2="6" {}
                }
            }
            rect class="paper" width=(WIDTH) height=(height) {}
            text class="title" x="16" y="30" { (short(&caption.title, 100)) }
            text class="soft" x="16" y="50" { (short(&caption.subtitle, 140)) }
            (rows)
            text class="soft small" x="16" y=(foot) { (short(&caption.foot, 160)) }
        }
    };
    drawn.into_string() + "\n"
}

/// The same rows as part of a page, without the captions: the page has them, and the looks.
pub(super) fn on_page(describes: &str, height: f64, rows: &Markup) -> Markup {
    let top = TOP - 30.0;
    html! {
        svg class="picture" viewBox=(format!("0 {top} {WIDTH} {}", height - top - 20.0)) role="img" aria-label=(clean(describes)) {
            (rows)
        }
    }
}

/// The marks of the axis, over the rows down to `bottom`.
pub(super) fn grid(axis: &Axis, bottom: f64) -> Markup {
    html! {
        @for (x, text) in axis.marks() {
            line class="grid" x1=(one(x)) x2=(one(x)) y1=(TOP - 8.0) y2=(bottom) {}
            text class="soft small" x=(one(x)) y=(TOP - 12.0) text-anchor="middle" { (text) }
        }
    }
}

/// A number with one decimal place.
pub(super) fn one(number: f64) -> String {
    format!("{number:.1}")
}

/// Text of at most so many columns; what is cut off shows.
pub(super) fn short(text: &str, columns: usize) -> String {
    let text = clean(text);
    if text.width() <= columns {
        return text;
    }
    let mut used = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used < columns
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_shows_and_what_fits_is_left_alone() {
        assert_eq!(short("one two three", 9), "one two…");
        assert_eq!(short("one two", 9), "one two");
        assert_eq!(short("土耳其土耳其", 7), "土耳其…");
    }

    #[test]
    fn text_in_a_picture_is_text() {
        let caption = |text: &str| Caption { title: text.into(), subtitle: text.into(), foot: text.into() };
        let drawn = sheet(&caption("<script>&\"'\u{1b}\u{202e}\u{0}"), "<b>", 100.0, &html! {});
        assert!(!drawn.contains("<script>") && !drawn.contains("<b>"));
        assert!(!drawn.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'));
    }
}
