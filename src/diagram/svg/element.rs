//! The elements of SVG that a page may hold.
//!
//! Must not know: how they are written.

/// The elements that are kept, with the attributes that place them.
const ELEMENTS: [(&str, &[&str]); 21] = [
    ("a", &["transform"]),
    ("circle", &["cx", "cy", "r", "transform"]),
    ("defs", &[]),
    ("ellipse", &["cx", "cy", "rx", "ry", "transform"]),
    ("g", &["transform"]),
    ("line", &["x1", "x2", "y1", "y2", "transform"]),
    (
        "linearGradient",
        &["gradientTransform", "gradientUnits", "spreadMethod", "x1", "x2", "y1", "y2"],
    ),
    (
        "marker",
        &[
            "markerHeight",
            "markerUnits",
            "markerWidth",
            "orient",
            "preserveAspectRatio",
            "refX",
            "refY",
            "viewBox",
        ],
    ),
    ("path", &["d", "pathLength", "transform"]),
    (
        "pattern",
        &[
            "height",
            "patternContentUnits",
            "patternTransform",
            "patternUnits",
            "viewBox",
            "width",
            "x",
            "y",
        ],
    ),
    ("polygon", &["points", "transform"]),
    ("polyline", &["points", "transform"]),
    (
        "radialGradient",
        &["cx", "cy", "fr", "fx", "fy", "gradientTransform", "gradientUnits", "r", "spreadMethod"],
    ),
    ("rect", &["height", "rx", "ry", "transform", "width", "x", "y"]),
    ("stop", &["offset"]),
    ("svg", &["height", "preserveAspectRatio", "viewBox", "width", "x", "y"]),
    ("symbol", &["height", "preserveAspectRatio", "viewBox", "width", "x", "y"]),
    ("text", &["dx", "dy", "lengthAdjust", "rotate", "textLength", "transform", "x", "y"]),
    ("title", &[]),
    ("tspan", &["dx", "dy", "lengthAdjust", "rotate", "textLength", "x", "y"]),
    ("use", &["height", "transform", "width", "x", "y"]),
];

/// The attributes that place an element; `None` if a page must not hold it.
pub(super) fn geometry_of(element: &str) -> Option<&'static [&'static str]> {
    let index = ELEMENTS.binary_search_by_key(&element, |(name, _)| name).ok()?;
    Some(ELEMENTS[index].1)
}

/// Elements that are shown only where others refer to them.
pub(super) const REFERRED: [&str; 5] =
    ["linearGradient", "marker", "pattern", "radialGradient", "symbol"];

/// True for elements that show nothing without others in them.
pub(super) fn is_container(name: &str) -> bool {
    matches!(name, "a" | "defs" | "g" | "svg" | "text" | "title" | "tspan")
}
