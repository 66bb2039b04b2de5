//! Any text as a formula: neither library fails, and what is drawn has no markup of the writer's.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::diagnostic::Kind;
use notes::markdown::{Context, MacroTable, Options, parse};

fuzz_target!(|input: (bool, [&str; 3])| {
    let (is_display, [formula, name, body]) = input;
    let macros = MacroTable::new(&[(name.to_owned(), body.to_owned())].into()).0;
    let options = Options { formulas: true, ..Options::default() };
    let context = Context { options, macros: Some(&macros), ..Context::default() };
    let fenced = format!("```math\n{}\n```\n", formula.replace('`', ""));
    let inline = format!("文 ${formula}$ 与 $${formula}$$\n");
    let text = if is_display { fenced } else { inline };
    let parsed = parse(text.as_str(), &context);
    assert!(parsed.problems.iter().all(|problem| problem.kind != Kind::Parser));
    for mathml in parsed.formulas.iter().filter_map(|formula| formula.mathml.as_ref()) {
        // The writer's own words may be in the text of the formula.
        let is_written = [formula, body].iter().any(|text| text.contains("style="));
        assert!(is_written || !mathml.contains(" style="), "{mathml}");
        for tag in ["<script", "<img", "<style", "href=\"javascript"] {
            assert!(!mathml.contains(tag), "{mathml}");
        }
    }
    assert_eq!(parse(text.as_str(), &context).formulas, parsed.formulas);
});
