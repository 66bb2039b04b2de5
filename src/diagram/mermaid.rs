//! mermaid → a drawing, with the library `merman`.
//!
//! Must not know: how an SVG is cleaned.

use std::borrow::Cow;
use std::sync::LazyLock;

use merman::svg::{
    DeterministicTextMeasurer, HostTheme, MeasurementProfileId, Presentation,
    PresentationRenderPolicy, SvgEnvironment, SvgPipeline, SvgRenderOptions, TextMeasurementPolicy,
    TextMeasurementProfile, TextMeasurementProfileIdentity, ThemeRole,
};
use merman::{
    Engine, MermaidConfig, OperationControl, ParseOptions, RenderError, RenderOutput,
    RenderRequest, Renderer, SvgRequest,
};
use serde_json::{Value, json};

use super::palette::{self, hex};
use super::{Diagram, DiagramMistake, svg, width};
use crate::phrase::{Phrase, phrase};

/// Longer texts are not drawn, in bytes.
const LONGEST: usize = 64 << 10;

/// The font in whose widths labels are measured, and what is shown where it is not installed.
const FONTS: &str = "Arial, sans-serif";

/// The colours that parts of a diagram get.
const ROLES: [(ThemeRole, u32); 22] = [
    (ThemeRole::Canvas, palette::GROUND),
    (ThemeRole::Surface, palette::NODE),
    (ThemeRole::SurfaceAlt, palette::ALTERNATE),
    (ThemeRole::SurfaceMuted, palette::MUTED),
    (ThemeRole::Text, palette::TEXT),
    (ThemeRole::SubtleText, palette::SUBTLE),
    (ThemeRole::Border, palette::BORDER),
    (ThemeRole::Line, palette::LINE),
    (ThemeRole::EdgeLabelBackground, palette::GROUND),
    (ThemeRole::ClusterBackground, palette::GROUP),
    (ThemeRole::ClusterBorder, palette::GROUP_BORDER),
    (ThemeRole::NoteBackground, palette::NOTE),
    (ThemeRole::NoteBorder, palette::NOTE_BORDER),
    (ThemeRole::NoteText, palette::TEXT),
    (ThemeRole::ActorBackground, palette::NODE),
    (ThemeRole::ActorBorder, palette::BORDER),
    (ThemeRole::ActorText, palette::TEXT),
    (ThemeRole::ActivationBackground, palette::MUTED),
    (ThemeRole::ActivationBorder, palette::BORDER),
    (ThemeRole::Error, palette::ERROR),
    (ThemeRole::Warning, palette::WARNING),
    (ThemeRole::Success, palette::SUCCESS),
];

/// The library with this program's settings.
struct Drawer {
    renderer: Renderer,
    presentation: PresentationRenderPolicy,
    environment: SvgEnvironment,
}

static DRAWER: LazyLock<Drawer> = LazyLock::new(|| {
    let resolved = Presentation::new().with_theme(theme().unwrap_or_default()).resolve();
    let engine = resolved.materialize_engine(Engine::new());
    let engine = engine.with_site_config(MermaidConfig::from_value(settings()));
    Drawer {
        renderer: Renderer::new().with_engine(engine).with_parse_options(ParseOptions::strict()),
        presentation: resolved.render_policy(),
        environment: environment(),
    }
});

/// The library's surroundings, in which texts have the widths of the font that is shown.
fn environment() -> SvgEnvironment {
    let environment = SvgEnvironment::deterministic();
    let measurer = DeterministicTextMeasurer::default().with_width_callback(|text, style| {
        let weight = style.font_weight.as_deref().unwrap_or_default();
        let is_bold = matches!(weight, "bold" | "bolder" | "600" | "700" | "800" | "900");
        width::of(text, style.font_size, is_bold)
    });
    let identity = MeasurementProfileId::new("arial")
        .ok()
        .and_then(|id| TextMeasurementProfileIdentity::new(id, "1").ok());
    let Some(identity) = identity else { return environment };
    let profile = TextMeasurementProfile::new(identity, measurer);
    environment.with_text_measurement_policy(TextMeasurementPolicy::uniform(profile))
}

/// The settings that a diagram has, and those that its text may not change: what it looks like is
/// the site's, and what it may do.
fn settings() -> Value {
    let text = hex(palette::TEXT);
    let mut colours = json!({ "sequenceNumberColor": hex(palette::GROUND) });
    for series in 0..palette::SERIES.len() {
        for name in ["cScaleLabel", "cScaleInv", "gitBranchLabel"] {
            colours[format!("{name}{series}")] = json!(text);
        }
    }
    json!({
        "look": "classic",
        "htmlLabels": false,
        "flowchart": { "htmlLabels": false, "wrappingWidth": 200 },
        "state": { "minNodeWidth": 0, "wrappingWidth": 200 },
        "themeVariables": colours,
        "secure": [
            "secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "suppressErrorRendering",
            "altFontFamily", "darkMode", "fontFamily", "fontSize", "htmlLabels", "look", "theme",
            "themeCSS", "themeVariables",
        ],
    })
}

fn theme() -> Result<HostTheme, merman::svg::PresentationError> {
    let mut theme = HostTheme::new().try_with_font_family(FONTS)?;
    for (role, colour) in ROLES {
        theme = theme.try_with_role(role, hex(colour))?;
    }
    theme.try_with_series_palette(palette::SERIES.map(hex))
}

/// Draws a diagram.
///
/// # Errors
/// The library's mistake, or the limit that the text exceeds.
pub(super) fn draw(text: &str) -> Result<Diagram, DiagramMistake> {
    if text.len() > LONGEST {
        return Err(DiagramMistake::new(phrase!(
            "it is longer than {value} kB",
            value = LONGEST >> 10
        )));
    }
    let text = plain_labels(text);
    let svg = render(&text, None)?;
    if !svg.contains(HTML_LABEL)
        && let Ok(diagram) = svg::clean(&svg)
    {
        return Ok(diagram);
    }
    svg::clean(&render(&text, Some(SvgPipeline::resvg_safe()))?)
}

/// The element that only the library's own clean-up makes plain SVG of. That takes as long as all
/// else, so other drawings do without it.
const HTML_LABEL: &str = "<foreignObject";

/// The SVG of a diagram, cleaned by a pipeline of the library.
fn render(text: &str, pipeline: Option<SvgPipeline>) -> Result<String, DiagramMistake> {
    let request = SvgRequest {
        options: SvgRenderOptions {
            diagram_id: Some("d".to_owned()),
            ..SvgRenderOptions::default()
        },
        pipeline,
        presentation: DRAWER.presentation,
        environment: DRAWER.environment.clone(),
        ..SvgRequest::default()
    };
    match DRAWER.renderer.render(RenderRequest::svg(text, OperationControl::new(), request)) {
        Ok(RenderOutput::Svg(Some(output))) => Ok(output.into_parts().0),
        Ok(_) => Err(DiagramMistake::new(phrase!("its first word names no kind of diagram"))),
        Err(error) => Err(mistake(&error, text)),
    }
}

/// Inline elements of HTML in labels, which are shown without their tags.
const INLINE: [&str; 17] = [
    "b", "big", "center", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "small",
    "span", "strong", "tt", "u",
];

/// The text without the tags of inline elements and the names of icons, which a drawing cannot
/// show. Its lines stay.
fn plain_labels(text: &str) -> Cow<'_, str> {
    if !text.contains("</") && !text.contains(":fa-") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        // An address may hold anything.
        if line.trim_start().starts_with("click ") || line.contains("href") {
            plain.push_str(line);
        } else {
            add_plain_line(&mut plain, line);
        }
    }
    plain.into()
}

fn add_plain_line(plain: &mut String, line: &str) {
    // A tag without an end tag is none: `a<b>c`.
    let ended: Vec<&str> = line.split("</").skip(1).map(name_at_start).collect();
    let mut rest = line;
    while let Some(at) = rest.find(['<', ':']) {
        let (before, behind) = rest.split_at(at);
        plain.push_str(before);
        // `<<i>>` is a stereotype.
        let is_tag = !plain.ends_with('<');
        let length = tag_length(behind, &ended).filter(|_| is_tag).or_else(|| {
            let set =
                before.len() - before.trim_end_matches(|c: char| c.is_ascii_lowercase()).len();
            let length = icon_length(behind)?;
            is_icon_set(&before[before.len() - set..]).then(|| {
                plain.truncate(plain.len() - set);
                length
            })
        });
        if length.is_none() {
            plain.push_str(&behind[..1]);
        }
        rest = &behind[length.unwrap_or(1)..];
    }
    plain.push_str(rest);
}

/// The name that a tag's inside begins with.
fn name_at_start(inside: &str) -> &str {
    &inside[..inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len())]
}

/// The length of the tag that a text begins with, of an inline element among those that are ended.
fn tag_length(text: &str, ended: &[&str]) -> Option<usize> {
    let inside = text.strip_prefix('<')?;
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let name = name_at_start(inside);
    let is_inline = INLINE.binary_search(&&*name.to_ascii_lowercase()).is_ok();
    if !is_inline || !ended.contains(&name) {
        return None;
    }
    let close = inside[name.len()..].find(['<', '>'])? + name.len();
    inside[close..].starts_with('>').then(|| text.len() - inside.len() + close + 1)
}

/// The length of the name of an icon behind its set, `:fa-car`, with the blank behind it.
fn icon_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix(":fa-")?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
    Some(":fa-".len() + end + usize::from(name[end..].starts_with(' ')))
}

/// True for the names of the sets of Font Awesome.
fn is_icon_set(name: &str) -> bool {
    matches!(name, "fa" | "fab" | "fad" | "fal" | "far" | "fas")
}

/// The library's mistake in a text.
fn mistake(error: &RenderError, text: &str) -> DiagramMistake {
    let at = match error {
        RenderError::Parse(diagnostic) => diagnostic.terminal_diagnostic_details().span,
        _ => None,
    };
    let above = at.and_then(|span| text.as_bytes().get(..span.start));
    let line = above.map_or(0, |above| memchr::memchr_iter(b'\n', above).count());
    DiagramMistake { reason: Phrase::verbatim(error.to_string()), line }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::HoleKind;

    #[test]
    fn labels_are_text_and_links_are_left_to_the_page() {
        let text = r#"
            flowchart LR
            accTitle: 写入
            accDescr: 一次写入经过的地方
            A[客户端] -->|提交| B["日志<br/>WAL"]
            click A "a.md" "看 A"
        "#;
        let diagram = draw(text).unwrap_or_default();
        for label in ["客户端", "提交", "日志WAL"] {
            let words: String = diagram.words.split_whitespace().collect();
            assert!(words.contains(label), "{}", diagram.words);
        }
        assert_eq!(diagram.links, ["a.md"]);
        assert!(diagram.holes.iter().any(|hole| hole.kind == HoleKind::Link(0)));
        assert_eq!(diagram.title.as_deref(), Some("写入"));
        assert_eq!(diagram.description.as_deref(), Some("一次写入经过的地方"));
    }

    #[test]
    fn each_kind_is_drawn() {
        for (text, label) in [
            ("graph TD; 甲-->乙", "甲"),
            ("sequenceDiagram\n甲->>乙: 请求", "请求"),
            ("classDiagram\nclass 引擎", "引擎"),
            ("stateDiagram-v2\n[*] --> 就绪", "就绪"),
            ("erDiagram\n用户 ||--o{ 订单 : 下单", "下单"),
            ("gantt\ndateFormat YYYY-MM-DD\nsection 一\n设计 :a, 2024-01-01, 3d", "设计"),
            ("pie\n\"网络\" : 42", "网络"),
            ("mindmap\n  根\n    枝", "枝"),
            ("journey\nsection 上班\n写代码: 3: 我", "写代码"),
            ("timeline\n1970 : 关系模型", "关系模型"),
            ("quadrantChart\n\"缓存\": [0.3, 0.8]", "缓存"),
            ("gitGraph\ncommit id: \"初始\"", "初始"),
            ("xychart-beta\nx-axis [\"一月\"]\nbar [3]", "一月"),
            ("block-beta\na[\"均衡\"]", "均衡"),
            ("sankey-beta\n请求,命中,7", "命中"),
            ("packet-beta\n0-15: \"源端口\"", "源端口"),
            ("kanban\n  待办\n    [写文档]", "写文档"),
            ("C4Context\nPerson(u, \"用户\")", "用户"),
        ] {
            let diagram = draw(text);
            let words = diagram.as_ref().map(|diagram| diagram.words.as_str());
            assert!(words.is_ok_and(|words| words.contains(label)), "{text}: {words:?}");
        }
    }

    #[test]
    fn the_look_is_the_sites() {
        let plain = draw("graph TD; a-->b").unwrap_or_default().svg;
        for before in [
            "%%{init: {'theme': 'forest', 'themeVariables': {'primaryColor': '#ff0000'}}}%%\n",
            "%%{init: {'themeCSS': '.node rect { fill: #ff0000 }', 'fontFamily': 'Impact'}}%%\n",
            "%%{init: {'look': 'handDrawn', 'htmlLabels': true, 'securityLevel': 'loose'}}%%\n",
            "---\nconfig:\n  theme: dark\n  darkMode: true\n---\n",
        ] {
            let text = format!("{before}graph TD; a-->b");
            assert_eq!(draw(&text).map(|diagram| diagram.svg).as_deref(), Ok(&*plain), "{before}");
        }
    }

    #[test]
    fn mistakes_have_a_place() {
        for before in ["A --> B", "A[<b>甲</b><b>乙</b><b>丙</b>] --> B[<b>甲</b><b>乙</b>]"] {
            let mistake = draw(&format!("flowchart TD\n  {before}\n  C[x --> D\n"));
            assert_eq!(mistake.map_err(|mistake| mistake.line), Err(2), "{before}");
        }
        for text in ["", "nothing", "%%{init: {", "sequenceDiagram\nA->>B"] {
            assert!(draw(text).is_err(), "{text}");
        }
    }

    #[test]
    fn large_and_endless_diagrams_are_refused_or_drawn() {
        let many = (0..5_000).map(|n| format!("n{n}-->n{}", n + 1)).collect::<Vec<_>>().join("\n");
        let star = (0..3_000).map(|n| format!("c-->n{n}")).collect::<Vec<_>>().join("\n");
        let long = format!("graph TD\na[{}]", "字".repeat(10_000));
        let deep = format!("graph TD\n{}a\n{}", "subgraph x\n".repeat(300), "end\n".repeat(300));
        for (text, is_drawn) in [
            (format!("graph TD\n{many}"), false),
            (format!("graph TD\n{star}"), false),
            (long, true),
            (deep, true),
        ] {
            let start = text.chars().take(30).collect::<String>();
            let drawn = draw(&text).map(|diagram| diagram.svg.len());
            assert_eq!(drawn.is_ok(), is_drawn, "{start}: {drawn:?}");
        }
    }

    #[test]
    fn the_colours_are_the_sites() {
        assert!(theme().is_ok());
    }

    #[test]
    fn inline_tags_and_icons_are_left_out_of_labels() {
        for (text, expected) in [
            ("A[<b>x</b> y]", "A[x y]"),
            ("A[<font color='red'>x</font>]", "A[x]"),
            ("class A { <<i>> }", "class A { <<i>> }"),
            ("A <--> B<br/>", "A <--> B<br/>"),
            ("C[fa:fa-car 车 fab:fa-x]", "C[车 ]"),
            ("A: b :fa", "A: b :fa"),
            ("A[车fa:fa-car] fa:fa-x", "A[车] "),
            ("A[<b>fa:fa-x y</b>]", "A[y]"),
            ("A[if a<b>c]", "A[if a<b>c]"),
            ("click A \"http://x/<b>y</b>\"", "click A \"http://x/<b>y</b>\""),
            ("a < b > c", "a < b > c"),
        ] {
            assert_eq!(plain_labels(text), expected, "{text}");
        }
    }
}
