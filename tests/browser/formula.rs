//! Formulas → drawn with a font of the site's own, copied as their source, scrolled if wide.

use serde_json::json;

use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::site::Site;
use crate::window::Look;

const NOTE: &str = r"# Sums $\sum_i x_i$

Let $\sqrt{a^2 + b^2} \in \mathbf{R}$ be given.

$$
\left( \begin{matrix} a \\ b \\ c \\ d \end{matrix} \right)
$$

$$
x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 + x_9 + x_{10} + x_{11} + x_{12} + x_{13} + x_{14} + x_{15}
$$
";

#[test]
fn formulas_are_drawn_with_the_sites_own_font() {
    let notes = [("README.md", NOTE), ("plain.md", "# Plain\n\nNo formula, but $5.\n")];
    let site = Site::of_notes(&notes.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let driver = Driver::start();
    let window = driver.window();
    window.look(Look { width: 360, scheme: "light" });
    window.open(&format!("{}index.html", site.url));
    window.wait_until_drawn();
    let loaded = "[...document.fonts].filter((font) => font.status === 'loaded').length";
    becomes(&window, loaded, &json!(2));
    // Brackets are as high as what they hold, which the font alone makes them.
    let height = "(() => { const [all, table] = ['.formula mrow', '.formula mtable'].map((one) => \
        document.querySelector(one).getBoundingClientRect().height); \
        const bracket = document.querySelector('.formula mo').getBoundingClientRect().height; \
        return table > 60 && bracket >= table * .8 && all >= table; })()";
    becomes(&window, height, &json!(true));
    // A wide one can be scrolled with the keyboard, and the page itself does not scroll.
    let stops = "[...document.querySelectorAll('article .formula')].map((formula) => \
        formula.tabIndex)";
    becomes(&window, stops, &json!([-1, 0]));
    let fits = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(value(&window, fits), json!(true));
    let copied = "(() => { let copied = ''; const paragraph = \
        document.querySelector('article > p:not([class])'); getSelection().selectAllChildren(paragraph); \
        const event = new ClipboardEvent('copy', {clipboardData: new DataTransfer(), bubbles: true, \
        cancelable: true}); paragraph.dispatchEvent(event); \
        return event.clipboardData.getData('text/plain').trim(); })()";
    let expected = json!(r"Let $\sqrt{a^2 + b^2} \in \mathbf{R}$ be given.");
    assert_eq!(value(&window, copied), expected);
    assert_eq!(value(&window, "document.title"), json!("Sums sum_i x_i"));
    window.open(&format!("{}plain.html", site.url));
    window.wait_until_drawn();
    let own = "document.querySelectorAll('link[href$=\"math.css\"]').length + document.fonts.size";
    assert_eq!(value(&window, own), json!(0));
}
