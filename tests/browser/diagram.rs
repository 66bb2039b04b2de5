//! Diagrams → labels within their boxes, colours of the scheme, links, a larger view.

use serde_json::{Value, json};

use crate::comfort::{becomes, click, value};
use crate::driver::Driver;
use crate::site::Site;
use crate::window::Look;

const NOTE: &str = r#"# Writes

```mermaid
flowchart LR
    A[客户端发起一次写请求] -->|AppendEntries| B{leader or follower?}
    B --> C[(write-ahead log)]
    C --> D([Committed, at last, by a quorum of the servers])
    classDef hot fill:#ffec99
    class A hot
    click A "other.md"
```

```mermaid
sequenceDiagram
    participant 协调者
    participant B as participant of the transaction
    协调者->>B: prepare the transaction
    B-->>协调者: 能提交
```

```mermaid
stateDiagram-v2
    [*] --> Follower
    Follower --> 候选人: election timeout
```

```mermaid
classDiagram
    class StorageEngine {
        +open(path) Handle
        -日志: WAL
    }
```

```mermaid
mindmap
  root((Distributed systems))
    一致性与共识
    Fault tolerance
```

```markmap
# Storage
- 页
- Log-structured merge-tree
```
"#;

/// The labels that are wider than the shape behind them, in pixels of the screen.
const WIDE: &str = "(() => {
    const wide = [];
    for (const text of document.querySelectorAll('.diagram text')) {
        const label = text.getBoundingClientRect();
        const around = text.closest('svg').querySelectorAll('rect, polygon, circle, ellipse, path');
        const boxes = [...around].map((shape) => shape.getBoundingClientRect());
        const middle = [label.x + label.width / 2, label.y + label.height / 2];
        const holds = (box) => box.left < middle[0] && middle[0] < box.right && box.top < middle[1] &&
            middle[1] < box.bottom && box.height >= label.height * .8;
        const smallest = boxes.filter(holds).sort((a, b) => a.width * a.height - b.width * b.height)[0];
        if (smallest && label.width > smallest.width + 1) wide.push(`${text.textContent}: ${label.width} in ${smallest.width}`);
    }
    return wide;
})()";

#[test]
fn diagrams_are_drawn_in_the_colours_of_the_scheme() {
    let notes = [("README.md", NOTE), ("other.md", "# Other\n\nNo diagram.\n")];
    let site = Site::of_notes(&notes.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let driver = Driver::start();
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}index.html", site.url));
    window.wait_until_drawn();
    assert_eq!(
        value(&window, "document.querySelectorAll('.diagram > svg text').length > 20"),
        json!(true)
    );
    assert_eq!(value(&window, WIDE), json!([]));
    // A colour that the writer chose keeps black text on it, in the dark too.
    let colours = "[...document.querySelectorAll('.diagram svg')].slice(0, 1).map((drawing) => \
        [drawing, drawing.querySelector('a text, text[fill]')].map((one) => getComputedStyle(one).fill))[0]";
    let light = value(&window, colours);
    window.look(Look { width: 1440, scheme: "dark" });
    window.open(&format!("{}index.html", site.url));
    window.wait_until_drawn();
    let dark = value(&window, colours);
    assert_ne!(light[0], dark[0], "the text follows the scheme");
    assert_eq!(light[1], dark[1], "{light} {dark}");
    let target = "document.querySelector('.diagram a').getAttribute('href')";
    assert_eq!(value(&window, target), json!("other.html"));
    // No two ids on the page are equal, and each reference has its target.
    let ids = "(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); \
        const missing = [...document.querySelectorAll('[marker-end]')].map((one) => \
        one.getAttribute('marker-end').slice(5, -1)).filter((id) => !ids.includes(id)); \
        return [ids.length - new Set(ids).size, missing]; })()";
    assert_eq!(value(&window, ids), json!([0, []]));
    becomes(&window, "document.querySelectorAll('.diagram > .enlarge').length", &json!(6));
    click(&window, ".diagram > .enlarge");
    let large = "[document.querySelector('dialog.image').open, \
        document.querySelectorAll('dialog.image > svg').length]";
    becomes(&window, large, &json!([true, 1]));
    assert_eq!(value(&window, ids), json!([0, []]), "the larger view has no ids of its own");
    window.open(&format!("{}other.html", site.url));
    window.wait_until_drawn();
    let none: Value = json!(0);
    let own = "document.querySelectorAll('link[href$=\"diagram.css\"], script[src$=\"diagrams.js\"]').length";
    assert_eq!(value(&window, own), none);
}
