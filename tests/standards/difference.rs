//! Differences of the notes' own rules from CommonMark, with reasons. An example may differ for
//! several reasons.

/// A reason to differ and the examples of CommonMark 0.31.2 that differ for it.
pub struct Difference {
    /// Why.
    pub reason: &'static str,
    /// True if some HTML shows it.
    pub shows: fn(&str) -> bool,
    /// The examples' numbers.
    pub examples: &'static [usize],
}

/// All of them.
#[rustfmt::skip]
pub const DIFFERENCES: [Difference; 6] = [
    Difference {
        reason: "headings have an id to link to, and begin below the page's one <h1>",
        shows: |html| html.contains("<h2 id=\"") || html.contains("<h3 id=\"") || html.contains("<h4 id=\""),
        examples: &[
            10, 59, 62, 66, 67, 68, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 86, 89, 90, 91, 95, 96, 102, 103,
            115, 141, 214, 215, 227, 228, 229, 230, 232, 300, 646, 647,
        ],
    },
    Difference {
        reason: "a code block with a language stands in a frame that shows it",
        shows: |html| html.contains("<figure class=\"code\" data-language=\""),
        examples: &[24, 34, 142, 143, 144, 146],
    },
    Difference {
        reason: "indented code is often prose that was meant to be indented, so it may wrap",
        shows: |html| html.contains("<pre class=\"wrap\"><code>"),
        examples: &[
            1, 2, 3, 5, 6, 7, 8, 18, 36, 48, 69, 85, 100, 107, 110, 111, 112, 114, 115, 116, 117, 118, 134, 183, 184, 191, 211,
            225, 231, 236, 252, 253, 254, 257, 264, 270, 271, 272, 273, 274, 278, 286, 287, 288, 289, 290, 309, 313,
        ],
    },
    Difference {
        reason: "an image alone in its paragraph is a figure",
        shows: |html| html.contains("<figure>"),
        examples: &[517, 520, 531, 572, 573, 574, 575, 576, 577, 578, 580, 581, 582, 583, 584, 585, 586, 588, 589, 591],
    },
    Difference {
        reason: "bare addresses are links",
        shows: |html| html.contains("\">https://") || html.contains("<a href=\"mailto:"),
        examples: &[602, 606, 608, 611, 612],
    },
    Difference {
        reason: "raw HTML is closed where it was begun, unknown and dangerous tags are shown as \
             text, comments go",
        shows: |html| !html.contains("<script") && !html.contains("<style") && !html.contains("<!--") && !html.contains("<?"),
        examples: &[
            21, 31, 148, 150, 151, 152, 153, 155, 156, 157, 158, 163, 165, 170, 171, 172, 173, 174, 175, 176, 177, 178,
            179, 180, 181, 182, 183, 184, 187, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617,
            623, 625, 626, 627, 628, 629, 630, 631, 642, 643,
        ],
    },
];
