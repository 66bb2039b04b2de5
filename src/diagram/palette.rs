//! The colours that diagrams are drawn with → the custom properties of the style sheet.
//!
//! Must not know: how a diagram is drawn.

use svgtypes::Color;

/// A colour with a name in the style sheet. No two have the same value, so that the name can be
/// found by it.
pub(super) struct NamedColour {
    /// `rrggbb`.
    pub value: u32,
    /// Its name behind `--diagram-`.
    pub name: &'static str,
}

const fn named(value: u32, name: &'static str) -> NamedColour {
    NamedColour { value, name }
}

/// The page behind the diagram.
pub(super) const GROUND: u32 = 0x00fe_fefd;
pub(super) const NODE: u32 = 0x00f1_f4f9;
pub(super) const ALTERNATE: u32 = 0x00e8_ecf3;
pub(super) const MUTED: u32 = 0x00dd_e3ec;
pub(super) const TEXT: u32 = 0x001c_2027;
pub(super) const SUBTLE: u32 = 0x004f_5865;
pub(super) const BORDER: u32 = 0x008b_95a3;
pub(super) const LINE: u32 = 0x005c_6673;
pub(super) const GROUP: u32 = 0x00f7_f8fb;
pub(super) const GROUP_BORDER: u32 = 0x00b9_c1cc;
pub(super) const NOTE: u32 = 0x00ff_f6d9;
pub(super) const NOTE_BORDER: u32 = 0x00d9_b95f;
pub(super) const ERROR: u32 = 0x00c9_372b;
pub(super) const WARNING: u32 = 0x00b7_791e;
pub(super) const SUCCESS: u32 = 0x002e_7d4f;
/// The colours of series: the sections of a chart, the branches of a graph.
pub(super) const SERIES: [u32; 8] = [
    0x00bc_d3f5,
    0x00c5_e8c8,
    0x00fb_dcae,
    0x00f4_c3c6,
    0x00d9_cbf2,
    0x00b9_e6e4,
    0x00f3_e6a0,
    0x00d8_d5cf,
];

const COLOURS: [NamedColour; 23] = [
    named(GROUND, "ground"),
    named(NODE, "node"),
    named(ALTERNATE, "alternate"),
    named(MUTED, "muted"),
    named(TEXT, "text"),
    named(SUBTLE, "subtle"),
    named(BORDER, "border"),
    named(LINE, "line"),
    named(GROUP, "group"),
    named(GROUP_BORDER, "group-border"),
    named(NOTE, "note"),
    named(NOTE_BORDER, "note-border"),
    named(ERROR, "error"),
    named(WARNING, "warning"),
    named(SUCCESS, "success"),
    named(SERIES[0], "series-1"),
    named(SERIES[1], "series-2"),
    named(SERIES[2], "series-3"),
    named(SERIES[3], "series-4"),
    named(SERIES[4], "series-5"),
    named(SERIES[5], "series-6"),
    named(SERIES[6], "series-7"),
    named(SERIES[7], "series-8"),
];

/// A colour as it is written for the library that draws.
pub(super) fn hex(value: u32) -> String {
    format!("#{value:06x}")
}

/// Colours of programs and writers that mean the page and what is on it: a diagram that is drawn in
/// black on white is to be seen in the dark as well.
const ALIASES: [NamedColour; 8] = [
    named(0x0000_0000, "text"),
    named(0x0018_1818, "text"),
    named(0x0022_2222, "text"),
    named(0x0033_3333, "text"),
    named(0x0066_6666, "subtle"),
    named(0x0099_9999, "border"),
    named(0x00d4_d4d4, "border"),
    named(0x00ff_ffff, "ground"),
];

/// The name of a colour in the style sheet.
pub(super) fn name_of(colour: Color) -> Option<&'static str> {
    let value = u32::from_be_bytes([0, colour.red, colour.green, colour.blue]);
    COLOURS.iter().chain(&ALIASES).find(|named| named.value == value).map(|named| named.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_colours_have_the_same_value() {
        let mut values: Vec<u32> =
            COLOURS.iter().chain(&ALIASES).map(|named| named.value).collect();
        let all = values.len();
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), all);
    }
}
