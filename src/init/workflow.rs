//! What was found → a workflow that builds, checks and publishes the notes on GitHub Pages.
//!
//! Must not know: what is on disk.

use super::Found;

/// The workflow, with words between `@` for what differs.
const WORKFLOW: &str = include_str!("workflow.yml");

/// The text; `action` is the action of this program, as `owner/name@ref`.
pub(super) fn text(found: &Found, action: &str) -> String {
    let remote = found.remote.as_ref();
    let branch = remote.map_or("main", |remote| &remote.branch);
    let folder = remote.map_or("", |remote| remote.prefix.trim_end_matches('/'));
    let folder = if folder.is_empty() { "." } else { folder };
    let lfs = if found.has_lfs { "\n          lfs: true" } else { "" };
    let quoted = |text: &str| serde_yaml::to_string(text).unwrap_or_default().trim_end().to_owned();
    let below = if folder == "." { String::new() } else { format!("{folder}/") };
    WORKFLOW
        .replace("@action@", action)
        .replace("@branch@", &quoted(branch))
        .replace("@folder@", &quoted(folder))
        .replace("@cache@", &quoted(&format!("{below}.notes")))
        .replace("@site@", &quoted(&format!("{below}site")))
        .replace("@lfs@", lfs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_pinned() {
        let uses: Vec<&str> = WORKFLOW
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
            .collect();
        assert!(uses.len() >= 5);
        for action in uses.into_iter().filter(|action| *action != "@action@") {
            let (name, rest) = action.split_once('@').unwrap();
            let (commit, version) = rest.split_once(" # v").unwrap();
            assert!(name.starts_with("actions/"), "{action}");
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{action}");
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{action}");
        }
    }
}
